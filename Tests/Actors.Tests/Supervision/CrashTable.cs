using System.Reflection;
using Smc.Actors.Devices;
using Smc.Actors.LinkGroups;

namespace Actors.Tests.Supervision;

/// <summary>One of the two runtimes of a connection.</summary>
public enum Side
{
    Client,
    Server,
}

/// <summary>When an actor fails at a message.</summary>
public enum Moment
{
    /// <summary>As it comes in the life of one connection.</summary>
    Natural,

    /// <summary>Told while a connection is open, to the youngest actor of the class.</summary>
    Told,

    /// <summary>Told to an actor of the class as it starts.</summary>
    Early,

    /// <summary>As it comes when somebody listens.</summary>
    Listen,

    /// <summary>When the runtime starts.</summary>
    Begin,

    /// <summary>As it comes when somebody looks in from outside.</summary>
    Look,

    /// <summary>Told to the youngest actor of the class while somebody has looked in.</summary>
    LookTold,

    /// <summary>As it comes when somebody watches what happens.</summary>
    Watch,

    /// <summary>Told to the youngest actor of the class while somebody watches.</summary>
    WatchTold,

    /// <summary>As it comes when somebody who looks in changes something.</summary>
    Change,

    /// <summary>Told to an actor of the class as it starts, when somebody changes something.</summary>
    ChangeEarly,
}

/// <summary>One crash, and what users of the connection see: SmcD, Tcp, refused or broken, with the reason. "any": the other end's close may be
/// quicker than the reset; and of two reasons for TCP, that of the peer's answer and that of the group's end, the one that comes first counts.</summary>
public sealed record Crash(Side Side, string Actor, string Message, Moment When, string Client, string Server)
{
    /// <summary>Actors that every connection of their runtime depends on.</summary>
    private static readonly string[] OfAll = [nameof(Smc.Actors.SmcSupervisor), nameof(LinkGroupsActor), nameof(LoopbackIsmActor)];

    /// <summary>The runtime's connections in other link groups end too.</summary>
    public bool EndsAll => OfAll.Contains(Actor);

    /// <summary>The client's user sees it while the connection is open.</summary>
    public bool BreaksClient => Client.StartsWith("broken", StringComparison.Ordinal);

    /// <summary>The connection after it.</summary>
    public string Next { get; init; } = "SmcD";

    /// <summary>The handler can do what it does before it fails: what it is told is not made up, and it is no beginning.</summary>
    public bool IsHandled => HandledMessages.Of(HandledMessages.Actor(Actor)).SingleOrDefault(message => message.Name == Message) is { } message
        && (When is Moment.Natural or Moment.Listen || message.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public).Length == 0);

    /// <summary>The connection after it where the handler has done all that it does: what the root has done about a part that is gone for good stays done.</summary>
    public string NextWhenHandled => Message switch
    {
        "SharedMemoryGone" => "Tcp:PeerNoSmc",
        "ServiceGone" => "refused:ConnectionRefused",
        _ => Next,
    };

    public override string ToString() => $"{Side} {Actor} {Message} {When} {Client} {Server}";
}

/// <summary>Every message of every actor. Whoever adds a message, or an actor, adds a line.</summary>
internal static class CrashTable
{
    private const string Lines = """
        Client BufferPoolActor          Grow              Natural Tcp:InternalError        Success
        Server BufferPoolActor          Grow              Natural Tcp:PeerDeclined         Success
        Client BufferPoolActor          TrimRound         Told    SmcD                     Success
        Server BufferPoolActor          TrimRound         Told    SmcD                     Success
        Client BufferPoolActor          TrimMore          Told    SmcD                     Success
        Client BufferPoolActor          AtConstructor     Natural Tcp:InternalError        Success
        Server BufferPoolActor          AtConstructor     Natural Tcp:PeerDeclined         Success
        Client BufferPoolActor          AtStart           Natural Tcp:InternalError        Success
        Server BufferPoolActor          AtStart           Natural Tcp:PeerDeclined         Success
        Client CapabilityDirectoryActor FindPeers         Natural Tcp:RegistryUnavailable  Success
        Client CapabilityDirectoryActor NoSmcAt           Told    SmcD                     Success
        Server CapabilityDirectoryActor AtConstructor     Begin   Tcp:NoSmcdDevice         -
        Server CapabilityDirectoryActor AtStart           Begin   Tcp:NoSmcdDevice         -
        Client ConnectActor             CallerCanceled    Early   refused:OperationAborted -
        Client ConnectActor             ClcReadable       Early   refused:OperationAborted -
        Client ConnectActor             Deadline          Early   refused:OperationAborted -
        Client ConnectActor             DeviceChanged     Early   refused:OperationAborted -
        Client ConnectActor             Failure           Early   refused:OperationAborted -
        Client ConnectActor             Lost              Early   refused:OperationAborted -
        Client ConnectActor             Matched           Natural refused:OperationAborted -
        Client ConnectActor             Prepared          Natural refused:OperationAborted -
        Client ConnectActor             Sessions          Natural refused:OperationAborted -
        Client ConnectActor             TcpConnected      Early   refused:OperationAborted -
        Client ConnectActor             Unavailable       Early   refused:OperationAborted -
        Client ConnectActor             AtConstructor     Natural refused:OperationAborted -
        Client ConnectActor             AtStart           Natural refused:OperationAborted -
        Client ConnectionActor          PathBlocking      Told    broken:ConnectionReset   any
        Client ConnectionActor          Resumed           Told    broken:ConnectionReset   any
        Client ConnectionActor          PathClosed        Natural SmcD                     Success
        Server ConnectionActor          PathClosed        Natural SmcD                     Success
        Client ConnectionActor          PathDetached      Told    broken:ConnectionReset   any
        Server ConnectionActor          PathDetached      Told    broken:ConnectionReset   any
        Client ConnectionActor          PathViolated      Told    broken:ConnectionReset   any
        Client ConnectionActor          PeerDetached      Natural SmcD                     Success
        Server ConnectionActor          PeerDetached      Natural SmcD                     Success
        Client ConnectionActor          PeerLost          Told    broken:ConnectionReset   any
        Client ConnectionActor          TcpEnded          Told    broken:ConnectionReset   any
        Server ConnectionActor          TcpEnded          Told    broken:ConnectionReset   any
        Client ConnectionActor          AtConstructor     Natural refused:ConnectionReset  -
        Server ConnectionActor          AtConstructor     Natural broken:ConnectionReset   -
        Client ConnectionActor          AtStart           Natural refused:ConnectionReset  -
        Server ConnectionActor          AtStart           Natural broken:ConnectionReset   -
        Client ConnectorsActor          Connect           Natural refused:OperationAborted -
        Client ConnectorsActor          ConnectorGone     Natural SmcD                     Success
        Client ConnectorsActor          DeviceChanged     Told    SmcD                     Success
        Server ConnectorsActor          AtConstructor     Begin   refused:NetworkDown      -
        Server ConnectorsActor          AtStart           Begin   refused:NetworkDown      -
        Server HandshakeActor           Canceled          Early   refused:ConnectionReset  -
        Server HandshakeActor           ClcReadable       Early   refused:ConnectionReset  -
        Server HandshakeActor           Deadline          Early   refused:ConnectionReset  -
        Server HandshakeActor           Lost              Early   refused:ConnectionReset  -
        Server HandshakeActor           Prepared          Natural refused:ConnectionReset  -
        Server HandshakeActor           Unavailable       Early   refused:ConnectionReset  -
        Server HandshakeActor           AtConstructor     Natural refused:ConnectionReset  -
        Server HandshakeActor           AtStart           Natural refused:ConnectionReset  -
        Server InspectionDoorActor      AcceptFailed      LookTold -                       closed
        Server InspectionDoorActor      Again             LookTold -                       closed
        Server InspectionDoorActor      PollerFailed      LookTold -                       closed
        Server InspectionDoorActor      Visit             Look    -                        closed
        Server InspectionDoorActor      VisitOver         Look    -                        answered
        Server InspectionDoorActor      AtConstructor     Begin   Tcp:PeerNoSmc            -
        Server InspectionDoorActor      AtStart           Begin   Tcp:PeerNoSmc            -
        Server InspectionSessionActor   Answer            Look    -                        closed
        Server InspectionSessionActor   Gone              Look    -                        answered
        Server InspectionSessionActor   PatienceOver      LookTold -                       closed
        Server InspectionSessionActor   Quiet             LookTold -                       closed
        Server InspectionSessionActor   Requested         Look    -                        closed
        Server InspectionSessionActor   Written           Look    -                        closed
        Server InspectionSessionActor   AtConstructor     Look    -                        closed
        Server InspectionSessionActor   AtStart           Look    -                        closed
        Server LinkGroupActor           Abandon           Told    broken:ConnectionReset   any
        Server LinkGroupActor           Drain             Told    broken:ConnectionReset   any
        Client LinkGroupActor           ConnectionEnded   Natural SmcD                     Success
        Server LinkGroupActor           ConnectionEnded   Natural SmcD                     Success
        Client LinkGroupActor           ConnectionStopped Natural SmcD                     Success
        Server LinkGroupActor           ConnectionStopped Natural SmcD                     Success
        Client LinkGroupActor           DetachPeer        Natural SmcD                     Success
        Server LinkGroupActor           DetachPeer        Natural SmcD                     Success
        Client LinkGroupActor           DmbDetached       Natural SmcD                     Success
        Server LinkGroupActor           DmbDetached       Natural SmcD                     Success
        Client LinkGroupActor           DmbRegistered     Natural Tcp:InternalError        Success
        Server LinkGroupActor           DmbRegistered     Natural broken:ConnectionReset   -
        Server LinkGroupActor           EndGroup          Natural SmcD                     Success
        Client LinkGroupActor           Establish         Natural refused:ConnectionReset  -
        Server LinkGroupActor           Establish         Natural broken:ConnectionReset   -
        Client LinkGroupActor           GroupDeleted      Natural SmcD                     Success
        Server LinkGroupActor           GroupOutOfSync    Told    broken:ConnectionReset   any
        Server LinkGroupActor           IdleDelayOver     Natural SmcD                     Success
        Server LinkGroupActor           NoBuffer          Told    broken:ConnectionReset   any
        Server LinkGroupActor           PoolGone          Told    broken:ConnectionReset   any
        Client LinkGroupActor           PrepareClient     Natural Tcp:InternalError        Success
        Server LinkGroupActor           PrepareServer     Natural Tcp:PeerDeclined         Success
        Client LinkGroupActor           Grown             Natural Tcp:InternalError        Success
        Server LinkGroupActor           Grown             Natural Tcp:PeerDeclined         Success
        Server LinkGroupActor           SessionLost       Told    broken:ConnectionReset   any
        Client LinkGroupActor           SlabMapped        Natural Tcp:InternalError        Success
        Server LinkGroupActor           SlabMapped        Natural Tcp:any                  Success
        Client LinkGroupActor           SlabOffered       Natural Tcp:InternalError        Success
        Server LinkGroupActor           SlabOffered       Natural Tcp:any                  Success
        Server LinkGroupActor           SlabRefused       Told    broken:ConnectionReset   any
        Client LinkGroupActor           AtConstructor     Natural Tcp:InternalError        Success
        Server LinkGroupActor           AtConstructor     Natural Tcp:PeerDeclined         Success
        Client LinkGroupActor           AtStart           Natural Tcp:InternalError        Success
        Server LinkGroupActor           AtStart           Natural Tcp:PeerDeclined         Success
        Server LinkGroupsActor          Abandon           Told    broken:ConnectionReset   any
        Client LinkGroupsActor          DmbDetached       Natural SmcD                     Success
        Server LinkGroupsActor          DmbDetached       Natural SmcD                     Success
        Client LinkGroupsActor          DmbRegistered     Natural Tcp:any                  Success
        Server LinkGroupsActor          DmbRegistered     Natural broken:ConnectionReset   -
        Client LinkGroupsActor          Establish         Natural refused:ConnectionReset  -
        Server LinkGroupsActor          DrainLinkGroup    Told    broken:ConnectionReset   any
        Server LinkGroupsActor          Establish         Natural broken:ConnectionReset   -
        Client LinkGroupsActor          GroupBegun        Natural Tcp:InternalError        Success
        Server LinkGroupsActor          GroupBegun        Natural Tcp:PeerDeclined         Success
        Client LinkGroupsActor          GroupDeleted      Natural SmcD                     Success
        Server LinkGroupsActor          GroupFailed       Told    broken:ConnectionReset   any
        Client LinkGroupsActor          GroupGone         Natural SmcD                     Success
        Server LinkGroupsActor          GroupGone         Natural SmcD                     Success
        Server LinkGroupsActor          GroupOutOfSync    Told    broken:ConnectionReset   any
        Server LinkGroupsActor          GroupIdle         Natural SmcD                     Success
        Server LinkGroupsActor          Occupancy         Natural SmcD                     Success
        Client LinkGroupsActor          PrepareClient     Natural Tcp:InternalError        Success
        Server LinkGroupsActor          PrepareServer     Natural Tcp:PeerDeclined         Success
        Server LinkGroupsActor          SessionLost       Told    broken:ConnectionReset   any
        Client LinkGroupsActor          SlabMapped        Natural Tcp:InternalError        Success
        Server LinkGroupsActor          SlabMapped        Natural Tcp:any                  Success
        Client LinkGroupsActor          SlabOffered       Natural Tcp:any                  Success
        Server LinkGroupsActor          SlabOffered       Natural Tcp:any                  Success
        Server LinkGroupsActor          SlabRefused       Told    broken:ConnectionReset   any
        Server LinkGroupsActor          AtConstructor     Begin   Tcp:NoSmcdDevice         -
        Server LinkGroupsActor          AtStart           Begin   Tcp:NoSmcdDevice         -
        Server ListenerActor            AcceptFailed      Told    SmcD                     Success
        Server ListenerActor            Acceptable        Natural SmcD                     Success
        Server ListenerActor            Accepted          Told    SmcD                     Success
        Server ListenerActor            DeviceChanged     Told    SmcD                     Success
        Server ListenerActor            HandshakeOver     Natural SmcD                     Success
        Server ListenerActor            Listening         Listen  -                        listening
        Server ListenerActor            Retry             Told    SmcD                     Success
        Server ListenerActor            Taken             Natural SmcD                     Success
        Server ListenerActor            AtConstructor     Listen  -                        refused:OperationAborted
        Server ListenerActor            AtStart           Listen  -                        refused:OperationAborted
        Server ListenersActor           DeviceChanged     Told    SmcD                     Success
        Server ListenersActor           Listen            Listen  -                        refused:OperationAborted
        Server ListenersActor           ListenerGone      Told    SmcD                     Success
        Server ListenersActor           AtConstructor     Begin   refused:NetworkDown      -
        Server ListenersActor           AtStart           Begin   refused:NetworkDown      -
        Server MutationActor            Outcome           Change  -                        failed
        Server MutationActor            PatienceOver      ChangeEarly -                    failed
        Server MutationActor            AtConstructor     Change  -                        failed
        Server MutationActor            AtStart           Change  -                        failed
        Server PnetTableActor           AddUeid           Change  -                        failed
        Server PnetTableActor           DeleteUeid        LookTold -                       answered
        Server PnetTableActor           FlushUeids        LookTold -                       answered
        Server PnetTableActor           AtConstructor     Begin   Tcp:PeerNoSmc            -
        Server PnetTableActor           AtStart           Begin   Tcp:PeerNoSmc            -
        Client LoopbackIsmActor         OpenSessions      Natural Tcp:NoSmcdDevice         Success
        Server LoopbackIsmActor         ReactorFailed     Told    broken:ConnectionReset   any
        Server DevicePoolActor          TrimRound         Told    SmcD                     Success
        Client DevicePoolActor          TrimRound         Told    SmcD                     Success
        Server DevicePoolActor          AtConstructor     Begin   Tcp:PeerNoSmc            -
        Server DevicePoolActor          AtStart           Begin   Tcp:PeerNoSmc            -
        Server LoopbackIsmActor         AtConstructor     Begin   Tcp:NoSmcdDevice         -
        Server LoopbackIsmActor         AtStart           Begin   Tcp:NoSmcdDevice         -
        Server SmcInspectorActor        Inquire           Look    -                        failed
        Server SmcInspectorActor        MutationOver      LookTold -                       answered
        Server SmcInspectorActor        SampleOver        LookTold -                       answered
        Server SmcInspectorActor        AtConstructor     Begin   Tcp:PeerNoSmc            -
        Server SmcInspectorActor        AtStart           Begin   Tcp:PeerNoSmc            -
        Server SmcInspectorActor        TailOver          LookTold -                       answered
        Client SmcSupervisor            Connect           Natural refused:OperationAborted -
        Server SmcSupervisor            DeviceChanged     Told    broken:ConnectionReset   any
        Server SmcSupervisor            Listen            Listen  -                        refused:OperationAborted
        Server SmcSupervisor            ServiceGone       Told    broken:ConnectionReset   any
        Server SmcSupervisor            SharedMemoryGone  Told    broken:ConnectionReset   any
        Server TailActor                ConnectionClosed  WatchTold -                      failed
        Server TailActor                ConnectionOpened  WatchTold -                      failed
        Server TailActor                DeviceDown        WatchTold -                      failed
        Server TailActor                DeviceUp          WatchTold -                      failed
        Server TailActor                Enough            WatchTold -                      failed
        Server TailActor                HandshakeEnded    WatchTold -                      failed
        Server TailActor                LateProposal      WatchTold -                      failed
        Server TailActor                LinkGroupClosed   WatchTold -                      failed
        Server TailActor                LinkGroupOpened   WatchTold -                      failed
        Server TailActor                Over              WatchTold -                      failed
        Server TailActor                RuleBroken        WatchTold -                      failed
        Server TailActor                Taken             Watch     -                      failed
        Server TailActor                WindowGone        WatchTold -                      failed
        Server TailActor                AtConstructor     Watch     -                      failed
        Server TailActor                AtStart           Watch     -                      failed
        """;

    /// <summary>The table.</summary>
    public static IReadOnlyList<Crash> All { get; } =
        [.. Lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => line[0] != '#').Select(Parse)];

    /// <summary>The lines of these kinds whose handler can run to its end: as the message comes by itself, or where it says nothing.</summary>
    public static TheoryData<Crash> HandledOf(params Moment[] when) => new(All.Where(crash => when.Contains(crash.When) && crash.IsHandled));

    /// <summary>The lines of these kinds.</summary>
    public static TheoryData<Crash> Of(params Moment[] when) => new(All.Where(crash => when.Contains(crash.When)));

    private static Crash Parse(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new Crash(Enum.Parse<Side>(words[0]), words[1], words[2], Enum.Parse<Moment>(words[3]), words[4], words[5]);
    }
}
