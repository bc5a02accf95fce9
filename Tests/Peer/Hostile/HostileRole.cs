namespace Smc.Peer.Hostile;

/// <summary>Opens a connection as client, or serves one, sends <see cref="Attacks.Honest"/> bytes by the rules, and attacks when told. Its task names
/// the attacks, one an order, with a plus between them.</summary>
internal sealed class HostileRole : Role
{
    private readonly IHostileEnd _end;
    private readonly Queue<string> _attacks;
    private readonly int _seed;
    private HostileMemory _memory = null!;

    private HostileRole(IHostileEnd end, PeerArguments arguments)
    {
        _end = end;
        _attacks = new Queue<string>(arguments.Task.Split('+'));
        _seed = arguments.Seed;
    }

    public static async Task<HostileRole> ConnectAsync(PeerArguments arguments)
    {
        var role = new HostileRole(new HostileClient(arguments.Folder, arguments.At), arguments);
        await role.OpenAsync();
        return role;
    }

    public static HostileRole Serve(PeerArguments arguments)
    {
        var server = new HostileServer(arguments.Folder);
        var role = new HostileRole(server, arguments);
        Say.Line($"listening {server.EndPoint}");
        _ = role.OpenAsync();
        return role;
    }

    public override void Attack()
    {
        string attack = _attacks.Dequeue();
        new Thread(() => Attacks.Run(attack, _end, _memory, _seed)) { IsBackground = true }.Start();
    }

    public override ValueTask DisposeAsync()
    {
        _end.Dispose();
        return default;
    }

    private async Task OpenAsync()
    {
        _memory = await _end.OpenAsync();
        _memory.Produce(SeededBytes.Take(Attacks.Honest, _seed));
        _memory.Ring();
        Say.Line($"ready");
    }
}
