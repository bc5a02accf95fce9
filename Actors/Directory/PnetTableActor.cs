using Akka.Actor;
using Smc.Transport.Wire.Clc;
using static Smc.Actors.Protocol.MutationProtocol;

namespace Smc.Actors.Directory;

/// <summary>The table of who may talk to whom, <c>/user/smc/pnet</c>: the user EIDs. Handshakes that have begun keep those they began with.
/// PNETIDs, which say what reaches what, come with SMC-R.</summary>
internal sealed class PnetTableActor : ReceiveActor
{
    private readonly UeidTable _ueids;

    public PnetTableActor(UeidTable ueids)
    {
        _ueids = ueids;
        Receive<AddUeid>(add => Sender.Tell(Add(add.Ueid)));
        Receive<DeleteUeid>(delete => Sender.Tell(Delete(delete.Ueid)));
        Receive<FlushUeids>(_ => Sender.Tell(Flush()));
    }

    /// <summary>Whoever asked for what it has failed at hears of it.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        if (message is IUeidMutation) Sender.Tell(Outcome.Failed);
        base.PreRestart(reason, message);
    }

    private Outcome Add(Ueid ueid)
    {
        IReadOnlyList<Ueid> before = _ueids.Current;
        if (before.Contains(ueid)) return new Outcome(IsDone: false, $"{ueid} is there already.");
        if (before.Count == Ueid.MaxCount) return new Outcome(IsDone: false, $"There are {Ueid.MaxCount} UEIDs already, as many as a Proposal holds: delete one first.");
        _ueids.Replace([.. before, ueid]);
        return new Outcome(IsDone: true, $"{ueid} is offered and accepted from the next handshake on, until this process ends. smc.handshake.ueids makes it last.");
    }

    private Outcome Delete(Ueid ueid)
    {
        IReadOnlyList<Ueid> before = _ueids.Current;
        if (!before.Contains(ueid)) return new Outcome(IsDone: false, $"There is no {ueid}; smc ueid-show lists them.");
        _ueids.Replace([.. before.Where(other => other != ueid)]);
        string consequence = before.Count == 1 ? " It was the last: connections are plain TCP until there is another." : string.Empty;
        return new Outcome(IsDone: true, $"{ueid} is neither offered nor accepted from the next handshake on.{consequence}");
    }

    private Outcome Flush()
    {
        int count = _ueids.Current.Count;
        _ueids.Replace([]);
        return new Outcome(IsDone: true, $"{(count == 1 ? "1 UEID is" : $"{count} UEIDs are")} gone: connections are plain TCP from the next handshake on, until there is one again.");
    }
}
