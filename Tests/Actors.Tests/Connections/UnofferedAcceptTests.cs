using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Actors.Tests.Connections;

/// <summary>Servers that accept what was never offered. All have offered memory by the rules, so that nothing else is wrong.</summary>
public sealed class UnofferedAcceptTests : ScriptedServerTest
{
    private const int SizeCodeOffset = 25;
    private const int PathsOffset = 7;
    private const byte SmcrOfVersion2 = 0x28;
    private const byte SmcdOfVersion1 = 0x19;
    private const byte SmcdOfVersion3 = 0x39;
    private const byte NoPathOfVersion2 = 0x2A;
    private const string WrongDmb = "memory WrongDmb 1: the connection fell back, or was reset";
    private const string WrongToken = "token WrongToken 1: the third closes its control socket";

    /// <summary>What is wrong, the diagnosis on the wire, and the rule that is counted as broken, where one is.</summary>
    public static TheoryData<string, SmcReason, WireError> Choices => new()
    {
        { "CHID 0", SmcReason.SyncError, WireError.ChidNotProposed },
        { "CHID", SmcReason.SyncError, WireError.ChidNotProposed },
        { "CHID of a device that is not emulated", SmcReason.SyncError, WireError.ChidNotProposed },
        { "GID", SmcReason.SyncError, WireError.UnexpectedGid },
        { "GID 0", SmcReason.SyncError, WireError.UnexpectedGid },
        { "GID of the client", SmcReason.SyncError, WireError.UnexpectedGid },
        { "EID", SmcReason.SyncError, WireError.EidNotProposed },
        { "EID 0", SmcReason.SyncError, WireError.EidNotProposed },
        { "DMB index 1", SmcReason.SyncError, WireError.BadDmbIndex },
        { "DMB index 255", SmcReason.SyncError, WireError.BadDmbIndex },
        { "size code 7", SmcReason.SyncError, WireError.BadSizeCode },
        { "size code 15", SmcReason.SyncError, WireError.BadSizeCode },
        { "size of another class", SmcReason.SyncError, WireError.None },
        { "token 0", SmcReason.SyncError, WireError.None },
        { "token", SmcReason.SyncError, WireError.None },
        { "group", SmcReason.SyncError, WireError.None },
        { "group 0", SmcReason.SyncError, WireError.None },
        { "release", SmcReason.ReleaseError, WireError.None },
        { "SMC-R", SmcReason.ModeUnsupported, WireError.None },
        { "version 1", SmcReason.ModeUnsupported, WireError.None },
        { "version 3", SmcReason.ModeUnsupported, WireError.None },
        { "no path", SmcReason.ModeUnsupported, WireError.None },
    };

    [Theory]
    [MemberData(nameof(Choices))]
    public async Task It_is_declined_with_its_diagnosis_and_the_application_goes_on_with_TCP(string wrong, SmcReason reason, WireError rule)
    {
        (SmcRuntime runtime, ScriptedServer server, Task<SmcStream> connecting) = await BeginAsync();
        using (server)
        {
            await OfferAsync(server);
            await server.Socket.SendAsync(Spoilt(server, runtime, wrong));
            Assert.Equal(reason, await ReadDeclineAsync(server));
            await using SmcStream stream = await connecting.Guard();
            Assert.Equal((SmcMode.Tcp, reason), (stream.Mode, stream.FallbackReason));
            Assert.Equal(1, runtime.Connections.Fallbacks[reason]);
            Assert.Equal(rule == WireError.None ? [] : [rule], runtime.Connections.Breaches.Keys);
            string counted = wrong == "size of another class" ? WrongDmb : wrong.StartsWith("token", StringComparison.Ordinal) ? WrongToken : string.Empty;
            Assert.Equal(counted, runtime.BrokenRules());
            await Exchange.LookalikesAsync(stream, server.Socket);
            await server.DetachedAsync();
        }

        await GoesOnAsync(runtime);
    }

    private static async Task OfferAsync(ScriptedServer server)
    {
        server.Match();
        await server.ReadClcAsync();
        server.OfferGroup();
        server.OfferDmb();
    }

    /// <summary>Nothing is left of it, and the next connection is on shared memory.</summary>
    private async Task GoesOnAsync(SmcRuntime runtime)
    {
        await runtime.DmbsAsync(0);
        await using ISmcListener listener = await runtime.ListenAsync(Loopback);
        await using Ends next = await new Pair(runtime, runtime, listener).ConnectAsync();
        Assert.Equal(SmcMode.SmcD, next.Client.Mode);
    }

    private static byte[] Spoilt(ScriptedServer server, SmcRuntime client, string wrong)
    {
        SmcGid own = server.Rendezvous.Gid;
        return wrong switch
        {
            "CHID 0" => server.AcceptOf(change: accept => accept with { Device = new SmcdDeviceId(own, 0) }),
            "CHID" => server.AcceptOf(change: accept => accept with { Device = new SmcdDeviceId(own, SmcdDeviceId.LoopbackChid - 1) }),
            "CHID of a device that is not emulated" => server.AcceptOf(change: accept => accept with { Device = new SmcdDeviceId(own with { Low = 0 }, 0x0100) }),
            "GID" => WithGid(SmcGid.NewRandom()),
            "GID 0" => WithGid(default),
            "GID of the client" => WithGid(client.Device.Rendezvous!.Gid),
            "EID" => server.AcceptOf(change: accept => accept with { Eid = Ueid.TryParse("SOMEBODY-ELSES", out Ueid eid) ? eid : default }),
            "EID 0" => server.AcceptOf(change: accept => accept with { Eid = default }),
            "DMB index 1" => server.AcceptOf(change: accept => accept with { DmbIndex = 1 }),
            "DMB index 255" => server.AcceptOf(change: accept => accept with { DmbIndex = byte.MaxValue }),
            "size code 7" => WithByte(SizeCodeOffset, 0x70),
            "size code 15" => WithByte(SizeCodeOffset, 0xF0),
            "size of another class" => server.AcceptOf(change: accept => accept with { SizeCode = (byte)(accept.SizeCode + 1) }),
            "token 0" => server.AcceptOf(token: 0),
            "token" => server.AcceptOf(token: 4711),
            "group" => server.AcceptOf(change: accept => accept with { LinkId = accept.LinkId + 0x100 }),
            "group 0" => server.AcceptOf(change: accept => accept with { LinkId = 0 }),
            "release" => server.AcceptOf(change: accept => accept with { FirstContact = accept.FirstContact!.Value with { Release = 15 } }),
            "SMC-R" => WithByte(PathsOffset, SmcrOfVersion2),
            "version 1" => WithByte(PathsOffset, SmcdOfVersion1),
            "version 3" => WithByte(PathsOffset, SmcdOfVersion3),
            "no path" => WithByte(PathsOffset, NoPathOfVersion2),
            _ => throw new ArgumentException($"unknown: {wrong}"),
        };

        byte[] WithGid(SmcGid gid) => server.AcceptOf(change: accept => accept with { Device = SmcdDeviceId.OfLoopback(gid) });

        byte[] WithByte(int offset, byte value)
        {
            byte[] accept = server.AcceptOf();
            accept[offset] = value;
            return accept;
        }
    }
}
