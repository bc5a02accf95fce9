using System.Net.Sockets;
using System.Text;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Peer.Handshakes;
using Smc.Transport;

namespace Actors.Tests.Connections;

/// <summary>A server's answers with each of their bits flipped, and what its application says at once behind them.</summary>
public sealed class FlippedAnswersTests : ScriptedServerTest
{
    private static readonly byte[] Hello = Encoding.ASCII.GetBytes("220 ready\r\n");

    [Theory]
    [InlineData("Accept")]
    [InlineData("Decline")]
    public async Task Every_bit_may_be_flipped_and_no_byte_of_the_answer_reaches_the_application(string kind)
    {
        SmcRuntime runtime = await StartRuntimeAsync();
        var heard = new HeardEvents(runtime);
        using var server = new ScriptedServer(Folder);
        int bits = Flips.BitsOf(AnswerOf(server, kind));
        int plain = 0;
        for (int bit = 0; bit < bits; bit++)
        {
            Task<SmcStream> connecting = runtime.ConnectAsync(server.EndPoint).AsTask();
            Assert.True(await server.AcceptConnectionAsync().Guard());
            using Socket socket = server.Socket;
            server.Match();
            await server.ReadClcAsync();
            await socket.SendAsync((byte[])[.. Flips.Flip(AnswerOf(server, kind), bit), .. Hello]);
            socket.Shutdown(SocketShutdown.Send);
            if (await IsPlainAsync(server, connecting)) plain++;
        }

        Assert.InRange(plain, 1, bits - 1);
        await Flips.ToldAsync(heard, bits);
        await runtime.DmbsAsync(0);
        Assert.Empty(await runtime.GetConnectionsAsync());
        await using ISmcListener listener = await runtime.ListenAsync(Loopback);
        await using Ends next = await new Pair(runtime, runtime, listener).ConnectAsync();
        Assert.Equal(SmcMode.SmcD, next.Client.Mode);
    }

    /// <summary>The connection is TCP, for a reason that its peer hears too, or has come to nothing: nobody has offered memory.</summary>
    private static async Task<bool> IsPlainAsync(ScriptedServer server, Task<SmcStream> connecting)
    {
        try
        {
            SmcReason reason;
            await using (SmcStream stream = await connecting.Guard())
            {
                reason = stream.FallbackReason;
                Assert.Equal(SmcMode.Tcp, stream.Mode);
                Assert.NotEqual(SmcReason.None, reason);
                Assert.Equal(Hello, await Exchange.ReadToEndAsync(stream));
            }

            byte[] answer = await server.ReadClcAsync();
            if (reason == SmcReason.PeerDeclined) Assert.Empty(answer);   // a Decline is not answered
            else Assert.Equal(reason, ScriptedEnd.ReasonOf(answer));
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset)
        {
            return false;   // a breach of the protocol, or an end before its end
        }
    }

    private static byte[] AnswerOf(ScriptedServer server, string kind) =>
        kind == "Accept" ? server.AcceptOf() : ScriptedEnd.DeclineOf(SmcReason.OutOfMemory);
}
