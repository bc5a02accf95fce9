using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using static Smc.Actors.Inspection.Commands.CommonArguments;

namespace Smc.Actors.Inspection.Commands;

/// <summary><c>smc cqs</c>: the completion queues, and the vectors whose threads drain them.</summary>
internal sealed class CompletionQueuesCommand() : SnapshotCommand("cqs", "Lists the completion vectors and their queues.", Device)
{
    private static readonly Column<VectorReport>[] Columns =
    [
        Column.Count<VectorReport>("Vector", "vector", vector => vector.Number),
        Column.Of<VectorReport>("Thread", "thread", vector => vector.Thread),
        Column.Number<VectorReport>("Pin to", "pinTo", vector => vector.Cpu, none: "any"),
        Column.Count<VectorReport>("#CQs", "queues", _ => 0),
        Column.Of<VectorReport>("Dispatcher", "dispatcher", vector => vector.Dispatcher) with { Rank = 1 },
    ];

    /// <inheritdoc />
    public override SmcReport Answer(SmcArguments arguments, RuntimeSnapshot snapshot)
    {
        IReadOnlyList<VectorReport> vectors = snapshot.Runtime.Vectors;
        return new TableReport<VectorReport>(Name, Columns, vectors, $"Count: {ReportText.Counted(vectors.Count, "vector")}, 0 queues")
        {
            Notes = [ComesWithSmcR("Completion queues, with their depth, polls and delay,"), "A vector without queues and without actors has no thread; smc.cq.vectors says how many there are."],
        };
    }
}
