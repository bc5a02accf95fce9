using Akka.Actor;
using Smc.Actors;

namespace Smc.Peer.Roles;

/// <summary>
/// Says how many completion vectors its runtime has, and how many threads of theirs there are, then where an actor of each runs, as the kernel
/// tells it, and how many threads there are then:
/// <code>
/// vectors N threads N
/// vector N NAME CPUS HOW-MANY
/// threads N
/// </code>
/// </summary>
internal sealed class VectorReport : Role
{
    private const string ThreadPrefix = "smc-cq-";

    private readonly ActorSystem _system;

    private VectorReport(ActorSystem system) => _system = system;

    public static async Task<VectorReport> ReportAsync(PeerArguments arguments)
    {
        ActorSystem system = ActorSystem.Create("peer", arguments.Hocon);
        int vectors = SmcExtension.Get(system).Settings.CompletionVectors.Vectors;
        Say.Line($"vectors {vectors} threads {Threads()}");
        for (int vector = 0; vector < vectors; vector++)
        {
            IActorRef actor = system.ActorOf(Props.Create<Teller>().WithDispatcher($"smc.cq-dispatcher-{vector}"));
            Say.Line($"vector {vector} {await actor.Ask<string>("where")}");
        }

        Say.Line($"threads {Threads()}");
        return new VectorReport(system);
    }

    public override async ValueTask DisposeAsync() => await _system.Terminate();

    private static int Threads() => Directory.GetDirectories("/proc/self/task")
        .Count(thread => File.ReadAllText($"{thread}/comm").StartsWith(ThreadPrefix, StringComparison.Ordinal));

    private sealed class Teller : ReceiveActor
    {
        private const string Allowed = "Cpus_allowed_list:";

        public Teller() => Receive<string>(_ =>
        {
            string cpus = File.ReadLines("/proc/thread-self/status").First(line => line.StartsWith(Allowed, StringComparison.Ordinal))[Allowed.Length..].Trim();
            Sender.Tell($"{File.ReadAllText("/proc/thread-self/comm").Trim()} {cpus} {Transport.Interop.Linux.CpuAffinity.OfThread.Count}");
        });
    }
}
