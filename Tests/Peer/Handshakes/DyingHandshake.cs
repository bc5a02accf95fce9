using Smc.Peer.Faults;

namespace Smc.Peer.Handshakes;

/// <summary>Goes through a handshake and dies after the step that its task names, as client (<c>handshake</c>) or as server
/// (<c>handshake-serve</c>).</summary>
internal sealed class DyingHandshake : Role
{
    private readonly PeerArguments _arguments;

    public DyingHandshake(PeerArguments arguments)
    {
        _arguments = arguments;
        _ = arguments.Kind == "handshake" ? ClientAsync() : ServerAsync();
    }

    public override ValueTask DisposeAsync() => default;

    private async Task ClientAsync()
    {
        var client = new ScriptedClient(_arguments.Folder, _arguments.At);
        client.Announce();
        Passed("announced");
        await client.ConnectAsync();
        Passed("connected");
        await client.MatchedAsync();
        Passed("matched");
        client.Propose();
        Passed("proposed");
        await client.ReadAcceptAsync();
        Passed("accepted");
        ulong token = await client.OfferDmbAsync();
        Passed("registered");
        await client.MappedAsync();
        Passed("mapped");
        client.Confirm(token);
        Passed("confirmed");
    }

    private async Task ServerAsync()
    {
        var server = new ScriptedServer(_arguments.Folder);
        Say.Line($"listening {server.EndPoint}");
        await server.AcceptConnectionAsync();
        Passed("announced");
        server.Match();
        Passed("matched");
        await server.ReadClcAsync();
        Passed("proposed");
        server.OfferGroup();
        Passed("grouped");
        server.OfferDmb();
        Passed("registered");
        server.SendAccept();
        Passed("accepted");
        await server.OfferedAsync();
        Passed("mapped");
        await server.ReadClcAsync();
        Passed("confirmed");
    }

    private void Passed(string step)
    {
        Say.Line($"step {step}");
        if (step == _arguments.Task) Death.Now();
    }
}
