namespace Smc.Peer.Hostile;

/// <summary>Opens a connection, sends <see cref="Attacks.Honest"/> bytes by the rules, and attacks when told. Its task names the attack.</summary>
internal sealed class HostileRole : Role
{
    private readonly HostileClient _client;
    private readonly PeerArguments _arguments;

    private HostileRole(PeerArguments arguments)
    {
        _arguments = arguments;
        _client = new HostileClient(arguments.Folder, arguments.At);
    }

    public static new async Task<HostileRole> StartAsync(PeerArguments arguments)
    {
        var role = new HostileRole(arguments);
        await role.OpenAsync();
        role._client.Produce(SeededBytes.Take(Attacks.Honest, arguments.Seed));
        role._client.Ring();
        Say.Line($"ready");
        return role;
    }

    public override void Attack() => new Thread(() => Attacks.Run(_arguments.Task, _client, _arguments.Seed)) { IsBackground = true }.Start();

    public override ValueTask DisposeAsync()
    {
        _client.Dispose();
        return default;
    }

    private async Task OpenAsync()
    {
        await _client.BeginAsync();
        _client.Propose();
        await _client.ReadAcceptAsync();
        ulong token = await _client.OfferDmbAsync();
        await _client.MappedAsync();
        _client.Map(await _client.RegisteredAsync());
        _client.Confirm(token);
    }
}
