using Smc.Peer.Handshakes;
using Smc.Transport;
using Smc.Transport.Interop.Linux;

namespace Smc.Peer.Hostile;

/// <summary>
/// Offers what is no sealed memory, another kind each time it is told to connect, as client or as server. Its task says as what: <c>slab</c>, or
/// <c>control</c> region at a server, or <c>confirmed</c> at a client that confirms the slab which was refused.
/// </summary>
internal sealed class BadMemoryRole : Role
{
    private readonly PeerArguments _arguments;
    private readonly Queue<BadMemoryKind> _kinds = new(Enum.GetValues<BadMemoryKind>());

    private BadMemoryRole(PeerArguments arguments) => _arguments = arguments;

    public static BadMemoryRole Start(PeerArguments arguments)
    {
        Say.Line($"ready");
        return new BadMemoryRole(arguments);
    }

    public override void Connect() => _ = _arguments.Kind == "bad-memory" ? ConnectAsync(_kinds.Dequeue()) : ServeAsync(_kinds.Dequeue());

    public override ValueTask DisposeAsync() => default;

    /// <summary>Says what the server answers, and declines as any client would; or confirms, which none would.</summary>
    private async Task ConnectAsync(BadMemoryKind kind)
    {
        using var client = new ScriptedClient(_arguments.Folder, _arguments.At);
        await client.BeginAsync();
        client.Propose();
        await client.ReadAcceptAsync();
        ulong token = await client.OfferDmbAsync(bytes => BadMemory.Create(kind, bytes));
        SmcReason reason = (await client.RefusedAsync()).Reason;
        if (_arguments.Task == "confirmed") client.Confirm(token);
        else client.Decline(reason, []);
        Say.Line($"refused {kind} {reason}");
        await client.DetachedAsync();
        Say.Line($"detached");
    }

    /// <summary>Says what the client answers, and accepts all the same. The client declines.</summary>
    private async Task ServeAsync(BadMemoryKind kind)
    {
        Func<long, FileDescriptor> bad = bytes => BadMemory.Create(kind, bytes);
        using var server = new ScriptedServer(_arguments.Folder);
        Say.Line($"listening {server.EndPoint}");
        await server.AcceptConnectionAsync();
        server.Match();
        await server.ReadClcAsync();
        if (_arguments.Task == "control")
        {
            server.OfferGroup(instead: bad);
        }
        else
        {
            server.OfferGroup();
            server.OfferDmb(instead: bad);
        }

        SmcReason reason = (await server.RefusedAsync()).Reason;
        server.SendAccept();
        SmcReason declined = ScriptedEnd.ReasonOf(await server.ReadClcAsync());
        Say.Line($"refused {kind} {reason}, declined {declined}");
        await server.ReadClcAsync();   // until the client has closed
    }
}
