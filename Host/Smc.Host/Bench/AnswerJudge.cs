namespace Smc.Host.Bench;

/// <summary>
/// Judges the answers to one question. What several inspectors are told of the same moment is the same to the byte: it is read through once, and compared
/// with that for the others, so that a hundred who look cost what they cost in their terminals, where nobody reads reports through.
/// </summary>
internal sealed class AnswerJudge
{
    private readonly Lock _gate = new();
    private byte[] _known = [];
    private int _length;
    private (int Said, int Listed) _counts;

    /// <summary>Answers that were read through.</summary>
    public int Read { get; private set; }

    /// <inheritdoc cref="ReportCheck.Count" />
    public (int Said, int Listed) Count(ReadOnlySpan<byte> json)
    {
        lock (_gate)
        {
            if (_length > 0 && json.SequenceEqual(_known.AsSpan(0, _length))) return _counts;
            _length = 0;   // until it is known to be a report
            _counts = ReportCheck.Count(json);
            Read++;
            if (_known.Length < json.Length) _known = new byte[2 * json.Length];
            json.CopyTo(_known);
            _length = json.Length;
            return _counts;
        }
    }
}
