using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire;

namespace Smc.Transport.Tests.Paths.Smcd.Rendezvous;

[SupportedOSPlatform("linux")]
public sealed class HostRegistryTests : IDisposable
{
    private const ulong Here = 1;
    private const ulong Elsewhere = 2;

    private readonly TemporaryFolder _folder = new();
    private readonly List<HostRegistry> _open = [];

    [Fact]
    public void A_published_listener_is_found_by_others_at_once()
    {
        HostRegistry server = Open();
        HostRegistry client = Open();
        for (int port = 1; port < 20; port++)
        {
            Assert.Empty(client.Find(At($"127.0.0.1:{port}")));
            server.Publish([At($"127.0.0.1:{port}")]);
            RegistryEntry found = Assert.Single(client.Find(At($"127.0.0.1:{port}")));   // however coarse the folder's clock
            Assert.Equal((server.Gid, server.SocketName), (found.Gid, found.SocketName));
        }

        server.Publish([]);
        Assert.Empty(client.Find(At("127.0.0.1:19")));
    }

    [Fact]
    public void A_process_finds_itself_and_mapped_addresses_too()
    {
        HostRegistry own = Open();
        own.Publish([At("[::]:80")]);
        Assert.Single(own.Find(At("127.0.0.1:80")));
        Assert.Single(own.Find(At("[::ffff:127.0.0.1]:80")));
        Assert.Single(own.Find(At("[::1]:80")));
    }

    [Fact]
    public void An_exact_address_beats_a_wildcard_whoever_came_first()
    {
        HostRegistry wildcard = Open();
        HostRegistry exact = Open();
        wildcard.Publish([At("0.0.0.0:80")]);
        exact.Publish([At("127.0.0.1:80")]);
        HostRegistry client = Open();
        Assert.Equal(exact.Gid, Assert.Single(client.Find(At("127.0.0.1:80"))).Gid);
        Assert.Equal(wildcard.Gid, Assert.Single(client.Find(At("127.0.0.2:80"))).Gid);
        exact.Publish([]);
        Assert.Equal(wildcard.Gid, Assert.Single(client.Find(At("127.0.0.1:80"))).Gid);
    }

    [Fact]
    public void Loopback_counts_only_within_one_network_namespace()
    {
        HostRegistry other = Open(Elsewhere);
        other.Publish([At("127.0.0.1:80"), At("192.0.2.7:80")]);
        HostRegistry client = Open();
        Assert.Empty(client.Find(At("127.0.0.1:80")));
        Assert.Single(client.Find(At("192.0.2.7:80")));
    }

    [Fact]
    public void Of_many_that_share_a_port_four_are_found()
    {
        for (int i = 0; i < 6; i++) Open().Publish([At("127.0.0.1:80"), At("0.0.0.0:80")]);
        IReadOnlyList<RegistryEntry> found = Open().Find(At("127.0.0.1:80"));
        Assert.Equal(HostRegistry.MaxMatches, found.Count);
        Assert.Equal(found.Count, found.Select(entry => entry.Gid).Distinct().Count());
    }

    [Fact]
    public void What_the_dead_left_behind_is_swept_and_the_living_are_not()
    {
        HostRegistry living = Open();
        living.Publish([At("127.0.0.1:1")]);
        string dead = Guid.NewGuid().ToString("N");
        foreach (string ending in new[] { ".lock", ".sock", ".entry", ".entry.new" }) File.WriteAllText(_folder[dead + ending], "smc-registry 1\nlisten 127.0.0.1:2\n");
        HostRegistry client = Open();
        Assert.DoesNotContain(Directory.GetFiles(_folder.Path), file => Path.GetFileName(file).StartsWith(dead, StringComparison.Ordinal));
        Assert.Single(client.Find(At("127.0.0.1:1")));
        Assert.Empty(client.Find(At("127.0.0.1:2")));
    }

    [Fact]
    public void One_found_dead_later_is_swept_and_a_living_one_is_spared()
    {
        HostRegistry living = Open();
        living.Publish([At("127.0.0.1:1")]);
        HostRegistry client = Open();
        SmcGid dead = SmcGid.FromGuid(Guid.NewGuid());
        string name = dead.ToGuid().ToString("N");
        File.WriteAllText(_folder[name + ".lock"], string.Empty);
        File.WriteAllText(_folder[name + ".entry"], "smc-registry 1\nlisten 192.0.2.1:2\n");
        Assert.Single(client.Find(At("192.0.2.1:2")));
        client.SweepIfDead(dead);
        client.SweepIfDead(living.Gid);
        Assert.Empty(client.Find(At("192.0.2.1:2")));
        Assert.Single(client.Find(At("127.0.0.1:1")));
    }

    [Fact]
    public void Files_that_are_none_of_ours_or_garbage_are_passed_over()
    {
        File.WriteAllText(_folder["readme.entry"], "smc-registry 1\nlisten 127.0.0.1:80\n");
        File.WriteAllText(_folder[Guid.NewGuid().ToString("N") + ".entry"], "garbage");
        File.WriteAllBytes(_folder[Guid.NewGuid().ToString("N") + ".entry"], [0xFF, 0xFE, 0, 1, 2]);
        Assert.Empty(Open().Find(At("127.0.0.1:80")));
    }

    [Fact]
    public void An_entry_that_is_a_link_a_socket_or_a_folder_is_none_and_hides_no_other()
    {
        HostRegistry server = Open();
        server.Publish([At("127.0.0.1:80")]);
        using var elsewhere = new TemporaryFolder();
        File.WriteAllText(elsewhere["entry"], "smc-registry 1\nlisten 192.0.2.1:80\n");
        File.CreateSymbolicLink(_folder[Guid.NewGuid().ToString("N") + ".entry"], elsewhere["entry"]);
        File.CreateSymbolicLink(_folder[Guid.NewGuid().ToString("N") + ".entry"], elsewhere["nothing"]);
        Directory.CreateDirectory(_folder[Guid.NewGuid().ToString("N") + ".entry"]);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_folder[Guid.NewGuid().ToString("N") + ".entry"]));
        HostRegistry client = Open();
        Assert.Empty(client.Find(At("192.0.2.1:80")));
        Assert.Equal(server.Gid, Assert.Single(client.Find(At("127.0.0.1:80"))).Gid);
    }

    [Fact]
    public void Who_leaves_leaves_nothing_behind()
    {
        HostRegistry registry = Open();
        registry.Publish([At("127.0.0.1:80")]);
        Assert.NotEmpty(Directory.GetFiles(_folder.Path));
        _open.Remove(registry);
        registry.Dispose();
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Processes_that_start_and_stop_at_once_all_get_their_place()
    {
        HangGuard.AtOnce(StartAndStop, StartAndStop, StartAndStop);
        Assert.Empty(Directory.GetFiles(_folder.Path));

        void StartAndStop()
        {
            for (int i = 0; i < 150; i++)
            {
                HostRegistry? registry = HostRegistry.TryOpen(_folder.Path, SmcGid.FromGuid(Guid.NewGuid()), Here, out string problem);
                Assert.True(registry is not null, problem);
                registry.Publish([At("127.0.0.1:80")]);
                Assert.Contains(registry.Find(At("127.0.0.1:80")).Take(1), entry => entry.Listeners.Count == 1);
                registry.Dispose();
            }
        }
    }

    [Fact]
    public void A_folder_that_others_may_enter_is_refused_in_words()
    {
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead);
        Assert.Null(HostRegistry.TryOpen(_folder.Path, SmcGid.FromGuid(Guid.NewGuid()), Here, out string problem));
        Assert.Contains(_folder.Path, problem, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _open.ForEach(registry => registry.Dispose());
        _folder.Dispose();
    }

    private static IPEndPoint At(string endPoint) => IPEndPoint.Parse(endPoint);

    private HostRegistry Open(ulong networkNamespace = Here)
    {
        HostRegistry? registry = HostRegistry.TryOpen(_folder.Path, SmcGid.FromGuid(Guid.NewGuid()), networkNamespace, out string problem);
        Assert.True(registry is not null, problem);
        _open.Add(registry);
        return registry;
    }
}
