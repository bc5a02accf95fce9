namespace Smc.Actors.Inspection;

/// <summary>What viewers have reset: from where each of them counts. Bounded: the oldest goes, and its viewer counts from the runtime's beginning again.</summary>
internal sealed class Baselines
{
    /// <summary>Viewers that are remembered.</summary>
    public const int MostViewers = 256;

    private readonly Dictionary<string, CounterTotals> _viewers = [];

    /// <summary>From where a viewer counts; null for the runtime's beginning.</summary>
    public CounterTotals? Of(InspectionViewer viewer) => _viewers.GetValueOrDefault(viewer.Key);

    /// <summary>From now on a viewer counts from here.</summary>
    public void Reset(InspectionViewer viewer, CounterTotals totals)
    {
        _viewers[viewer.Key] = totals;
        if (_viewers.Count > MostViewers) _viewers.Remove(_viewers.MinBy(entry => entry.Value.Taken).Key);
    }
}
