namespace Smc.Actors.Telemetry;

/// <summary>Lets a warning through that others can bring about as often as they like: the first, and then one a minute, with how many were held back. One
/// thread at a time.</summary>
internal sealed class WarningPace
{
    /// <summary>Between two warnings.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private TimeSpan? _told;
    private long _heldBack;

    /// <summary>Asks for one.</summary>
    /// <param name="now">On a clock that never goes back.</param>
    /// <param name="heldBack">Those since the last one that were not let through.</param>
    /// <returns>False where it is to be held back.</returns>
    public bool TryTake(TimeSpan now, out long heldBack)
    {
        heldBack = _heldBack;
        if (_told is { } told && now - told < Interval)
        {
            _heldBack++;
            return false;
        }

        (_told, _heldBack) = (now, 0);
        return true;
    }
}
