using System.Globalization;
using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Peer;
using Smc.Transport.Memory;
using Smc.Transport.Wire.Cdc;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

/// <summary>
/// The byte of connection state flags, by a peer that sets, clears and flickers it. Flags are sticky: an end that was seen once stays. Word one is
/// stored before word two, so the look that finds an end has found all that belongs before it, and what comes after it is nobody's. A word that is
/// published comes from a private copy, whatever the peer has made of it.
/// </summary>
[Collection(Alone.Name)]
public sealed class HostileFlagTests(ITestOutputHelper output) : HostileTest(output)
{
    private const int Streamed = 300_000;
    private const string Scribbles = "scribbles-over-the-victims-words";
    private const string Reports = "reports-the-victims-words";

    /// <summary>Done and Closed are an end of stream; Abort is a reset (state table, received flags).</summary>
    [Theory]
    [InlineData(GroupSide.Client, "sets-done", SocketError.Success)]
    [InlineData(GroupSide.Client, "sets-closed", SocketError.Success)]
    [InlineData(GroupSide.Client, "sets-abort", SocketError.ConnectionReset)]
    [InlineData(GroupSide.Server, "sets-done", SocketError.Success)]
    [InlineData(GroupSide.Server, "sets-closed", SocketError.Success)]
    [InlineData(GroupSide.Server, "sets-abort", SocketError.ConnectionReset)]
    public Task An_end_that_was_seen_stays_whatever_the_peer_publishes_afterwards(GroupSide side, string flag, SocketError end) =>
        AttackAsync(side, $"{flag}+goes-on+clears-and-goes-on", async hostile =>
        {
            await EndsAsync(hostile, end);
            foreach (string afterwards in new[] { "goes-on", "clears-and-goes-on" })
            {
                await NextAsync(hostile, afterwards);
                await EndsAsync(hostile, end);
            }

            hostile.NoViolation();
        });

    /// <summary>Which of the looks finds the flag is a matter of luck. Before it there is a beginning of what was sent, after it nothing.</summary>
    [Theory]
    [InlineData(GroupSide.Client, "flickers-done", SocketError.Success)]
    [InlineData(GroupSide.Client, "flickers-closed", SocketError.Success)]
    [InlineData(GroupSide.Client, "flickers-abort", SocketError.ConnectionReset)]
    [InlineData(GroupSide.Server, "flickers-done", SocketError.Success)]
    [InlineData(GroupSide.Server, "flickers-closed", SocketError.Success)]
    [InlineData(GroupSide.Server, "flickers-abort", SocketError.ConnectionReset)]
    public Task A_flag_that_flickers_ends_the_stream_once_behind_a_beginning_of_what_was_sent(GroupSide side, string attack, SocketError end) =>
        AttackAsync(side, $"{attack}+waits", async hostile =>
        {
            (byte[] bytes, SocketError error) = await Exchange.ReadToBreakAsync(hostile.Stream);
            Output.WriteLine($"{bytes.Length} bytes, then {error}");
            Assert.Equal(end, error);
            Assert.Equal(Stream(hostile.PeerSeed, bytes.Length), bytes);
            await NextAsync(hostile, "waits");   // it has streamed on
            await EndsAsync(hostile, end);
            hostile.NoViolation();
        });

    [Theory]
    [InlineData(GroupSide.Client, "sets-closed")]
    [InlineData(GroupSide.Client, "sets-abort")]
    [InlineData(GroupSide.Server, "sets-closed")]
    [InlineData(GroupSide.Server, "sets-abort")]
    public Task Nobody_writes_to_a_peer_that_has_closed_or_aborted_also_where_it_takes_that_back(GroupSide side, string flag) =>
        AttackAsync(side, $"{flag}+clears-and-goes-on", async hostile =>
        {
            Assert.Equal(SocketError.ConnectionReset, await Exchange.WriteToBreakAsync(hostile.Stream));
            await NextAsync(hostile, "clears-and-goes-on");
            Assert.Equal(SocketError.ConnectionReset, await Exchange.WriteToBreakAsync(hostile.Stream));
            hostile.NoViolation();
        });

    /// <summary>The peer's Done is the end of its own direction alone; and what this end publishes is what it has done, not what stands in the peer's
    /// memory.</summary>
    [Theory]
    [InlineData(GroupSide.Client)]
    [InlineData(GroupSide.Server)]
    public Task Own_words_are_published_from_a_private_copy_and_the_peers_end_is_not_this_ends(GroupSide side) =>
        AttackAsync(side, $"sets-done+{Scribbles}+{Reports}", async hostile =>
        {
            await EndsAsync(hostile, SocketError.Success);
            await hostile.Stream.WriteAsync(new byte[HostilePair.Honest]).Guard();
            await NextAsync(hostile, Scribbles);
            await hostile.Stream.WriteAsync(new byte[HostilePair.Honest]).Guard();
            hostile.Stream.ShutdownWrite();
            await NextAsync(hostile, Reports);
            string[] words = (await hostile.Peer.LineAsync("words", since: 0)).Split(' ');
            Assert.Equal(new CdcCursor(0, 2 * HostilePair.Honest), SmcdCdcWords.Cursor(Word(words[1])));
            Assert.Equal(SmcdCdcWords.Pack(default, 0, ConnectionStateFlags.PeerDoneWriting), Word(words[2]));
        });

    private static async Task EndsAsync(HostilePair hostile, SocketError end)
    {
        (byte[] bytes, SocketError error) = await Exchange.ReadToBreakAsync(hostile.Stream);
        Assert.Equal(end, error);
        Assert.Empty(bytes);
    }

    private static ulong Word(string text) => ulong.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>What the peer sends over and over.</summary>
    private static byte[] Stream(int seed, int length)
    {
        byte[] once = SeededBytes.Take(Streamed, seed);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) bytes[i] = once[i % Streamed];
        return bytes;
    }
}
