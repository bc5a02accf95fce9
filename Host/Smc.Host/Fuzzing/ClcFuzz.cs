using System.Diagnostics;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Host.Fuzzing;

/// <summary>What a fuzz run saw.</summary>
/// <param name="Seed">Runs it again.</param>
/// <param name="Inputs">Inputs tried.</param>
/// <param name="Accepted">Those that were valid messages; the others were refused by name.</param>
/// <param name="AllocatedBytes">What decoding, deciding and encoding allocated.</param>
/// <param name="Elapsed">Time that it took.</param>
internal sealed record FuzzResult(int Seed, long Inputs, long Accepted, long AllocatedBytes, TimeSpan Elapsed);

/// <summary>An input that broke a promise of the decoders.</summary>
internal sealed class FuzzFailure(int seed, long input, ReadOnlySpan<byte> bytes, string what, Exception? cause = null)
    : Exception($"seed {seed}, input {input}: {what}: {Convert.ToHexStringLower(bytes)}", cause);

/// <summary>Feeds damaged messages to the CLC decoders, and what is valid to the checks and decisions of a handshake: each gives an answer that has a
/// name, without exception and without allocation.</summary>
internal sealed class ClcFuzz(byte[][] corpus, int seed)
{
    private const int WarmUpInputs = 5_000;

    private readonly ClcMutator _mutator = new(corpus, seed);
    private readonly byte[] _input = new byte[ClcMutator.MaxLength];
    private readonly byte[] _first = new byte[ClcFraming.MaxLength];
    private readonly byte[] _second = new byte[ClcFraming.MaxLength];
    private readonly ClcJudge _judge = new();
    private int _length;

    /// <summary>The input of the last <see cref="Step"/>.</summary>
    public ReadOnlySpan<byte> Input => _input.AsSpan(0, _length);

    /// <summary>Runs inputs when every type has been used. Where something allocated, once more: what decoding allocates it allocates again,
    /// what .NET allocated for code that it compiled meanwhile it does not.</summary>
    /// <exception cref="FuzzFailure">With the seed, the number of the input, and its bytes.</exception>
    public static FuzzResult Run(byte[][] corpus, int seed, long inputs, CancellationToken ct)
    {
        new ClcFuzz(corpus, seed).Run(WarmUpInputs, ct);
        FuzzResult result = new ClcFuzz(corpus, seed).Run(inputs, ct);
        return result.AllocatedBytes == 0 ? result : new ClcFuzz(corpus, seed).Run(inputs, ct);
    }

    /// <summary>Runs inputs to their end, or to the first that breaks a promise.</summary>
    /// <exception cref="FuzzFailure">With the seed, the number of the input, and its bytes.</exception>
    public FuzzResult Run(long inputs, CancellationToken ct)
    {
        long accepted = 0;
        long start = Stopwatch.GetTimestamp();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (long i = 0; i < inputs && !ct.IsCancellationRequested; i++)
        {
            string? broken;
            try
            {
                broken = Step(out WireError error, out _);
                if (error == WireError.None) accepted++;
            }
            catch (Exception failure)
            {
                throw new FuzzFailure(seed, i, Input, failure.GetType().Name, failure);
            }
            if (broken is not null) throw new FuzzFailure(seed, i, Input, broken);
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        ct.ThrowIfCancellationRequested();
        return new FuzzResult(seed, inputs, accepted, allocated, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>Makes one input and tries it.</summary>
    /// <param name="error">What the decoder said.</param>
    /// <param name="reencoded">What the encoder makes of a valid message; valid until the next step.</param>
    /// <returns>The promise that was broken, or null.</returns>
    public string? Step(out WireError error, out ReadOnlySpan<byte> reencoded)
    {
        _length = _mutator.Next(_input);
        ReadOnlySpan<byte> input = Input;
        reencoded = default;
        ClcSniff sniff = ClcFraming.Sniff(input);
        error = ClcRoundTrip.TryReencode(input, _first, out int length);
        if (ClcJudge.Frame(input) is { } misjudged) return misjudged;
        if (error != WireError.None) return length == 0 ? null : "an error that left bytes";
        reencoded = _first.AsSpan(0, length);
        _ = ClcHeader.TryRead(input, out ClcHeader header);
        if (header.Length != input.Length) return "a length that is not that of the message";
        bool fits = input.Length <= ClcFraming.MaxLength;
        if ((ClcFraming.TryGetLength(input, header.Type, out _) == WireError.None) != fits) return "a valid message that cannot be framed";
        if (header.Type == ClcType.Proposal && sniff != ClcSniff.Proposal) return "a Proposal that is not told from other bytes";
        if (ClcRoundTrip.TryReencode(reencoded, _second, out int again) != WireError.None) return "an encoded message that does not decode";
        if (!_second.AsSpan(0, again).SequenceEqual(reencoded)) return "an encoded message that changes when it is encoded again";
        return _judge.Judge(input, header);
    }
}
