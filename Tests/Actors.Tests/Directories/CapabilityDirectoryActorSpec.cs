using System.Net;
using Actors.Tests.Harness;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Smc.Actors.Devices;
using Smc.Actors.Directory;
using Smc.Actors.Settings;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Smc.Transport.Wire;
using static Smc.Actors.Protocol.HandshakeProtocol;

namespace Actors.Tests.Directories;

public sealed class CapabilityDirectoryActorSpec : TestKit
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("smc-actors-tests-").FullName, "rendezvous");
    private static readonly IPEndPoint Listed = new(IPAddress.Parse("10.0.0.7"), 5000);
    private static readonly PeerPolicy Policy = new(Negotiation.Directory, [new DirectoryPeer(new IPNetwork(Listed.Address, 32), Listed.Port)]);
    private static readonly DirectorySettings Hold = new([], TimeSpan.FromSeconds(60));

    private readonly SteppedTime _time = new();
    private readonly LoopbackDevice _device;
    private readonly TestProbe _loopbackIsm;
    private readonly IActorRef _directory;

    public CapabilityDirectoryActorSpec()
    {
        _device = new LoopbackDevice(SmcSettings.From("smc { }"));
        _loopbackIsm = CreateTestProbe();
        _directory = Sys.ActorOf(Props.Create(() => new CapabilityDirectoryActor(_device, _loopbackIsm.Ref, Policy, Hold, _time)));
    }

    [Fact]
    public void A_device_that_is_down_says_why()
    {
        _device.Stop(SmcReason.SmcDisabled);
        _directory.Tell(new FindPeers(new IPEndPoint(IPAddress.Loopback, 1)));
        ExpectMsg<Sessions>(found => found.Open.Count == 0 && found.Reason == SmcReason.SmcDisabled);
    }

    [Fact]
    public void An_endpoint_that_is_not_published_has_no_sessions()
    {
        using ScriptedServer server = StartDevice();
        _directory.Tell(new FindPeers(new IPEndPoint(IPAddress.Loopback, server.EndPoint.Port ^ 1)));
        ExpectMsg<Sessions>(found => found.Open.Count == 0 && found.Reason == SmcReason.PeerNoSmc);
    }

    [Fact]
    public void A_listed_server_may_be_sent_a_Proposal_until_it_has_answered_with_something_else()
    {
        using ScriptedServer server = StartDevice();
        Assert.True(MayPropose(Listed));
        Assert.False(MayPropose(new IPEndPoint(Listed.Address, 5001)));
        _directory.Tell(new NoSmcAt(Listed));
        Assert.False(MayPropose(Listed));
        _time.Advance(Hold.PlainHold);
        Assert.True(MayPropose(Listed));
    }

    [Fact]
    public void A_published_endpoint_goes_to_the_device_on_behalf_of_the_one_who_asked()
    {
        using ScriptedServer server = StartDevice();
        _directory.Tell(new FindPeers(server.EndPoint));
        OpenSessions request = _loopbackIsm.ExpectMsg<OpenSessions>((_, sender) => sender.Equals(TestActor));
        Assert.Equal(server.Rendezvous.Gid, Assert.Single(request.Entries).Gid);
    }

    [Fact]
    public void A_folder_that_cannot_be_read_is_a_reason_and_no_crash()
    {
        using ScriptedServer server = StartDevice();
        Watch(_directory);
        Directory.Delete(_folder, recursive: true);
        _directory.Tell(new FindPeers(server.EndPoint));
        ExpectMsg<Sessions>(found => found.Open.Count == 0 && found.Reason == SmcReason.RegistryUnavailable);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _device.Dispose();
        Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
    }

    private bool MayPropose(IPEndPoint endPoint)
    {
        _directory.Tell(new FindPeers(endPoint));
        return ExpectMsg<Sessions>(found => Assert.Empty(found.Open)).MayPropose;
    }

    /// <summary>The device is up, and a server has published its endpoint.</summary>
    private ScriptedServer StartDevice()
    {
        var server = new ScriptedServer(_folder);
        _device.Start(Smc.Transport.Paths.Smcd.Rendezvous.HostRendezvous.TryStart(_folder, SmcGid.NewRandom(), server, ownThread: true, out _)!);
        return server;
    }
}
