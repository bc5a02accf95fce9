using System.Globalization;
using Smc.Host.Fuzzing;
using Smc.Host.Tests.Decode;
using Smc.Transport.Wire;
using Xunit.Abstractions;

namespace Smc.Host.Tests.Fuzzing;

/// <summary>Damaged captures; SMC_TEST_SEED runs a seed again.</summary>
public sealed class ClcFuzzTests(ITestOutputHelper output)
{
    private const int Inputs = 100_000;

    private static byte[][] Corpus { get; } =
    [
        .. ClcCorpus.Load(),
        .. CaptureFile.Names.SelectMany(CaptureFile.Recorded).Select(m => m.GetProperty("hex").GetString()!).Distinct().Select(Convert.FromHexString),
    ];

    [Fact]
    public void Damaged_messages_are_refused_by_name_or_encode_to_their_canonical_form()
    {
        int seed = Seed();
        var fuzz = new ClcFuzz(Corpus, seed);
        int accepted = 0, canonical = 0, unchanged = 0;
        var errors = new HashSet<WireError>();
        for (int i = 0; i < Inputs; i++)
        {
            string? broken = fuzz.Step(out WireError error, out ReadOnlySpan<byte> reencoded);
            Assert.True(broken is null, $"seed={seed}, input {i}: {broken}: {Convert.ToHexString(fuzz.Input)}");
            Assert.True(Enum.IsDefined(error));
            errors.Add(error);
            if (error != WireError.None) continue;
            accepted++;
            byte[] expected = fuzz.Input.ToArray();
            if (!CanonicalForm.TryMake(expected)) continue;
            canonical++;
            if (fuzz.Input.SequenceEqual(expected)) unchanged++;
            Assert.True(reencoded.SequenceEqual(expected), $"seed={seed}, input {i}: {Convert.ToHexString(fuzz.Input)} gave {Convert.ToHexString(reencoded)}");
        }
        output.WriteLine($"seed={seed}: {accepted} valid, {canonical} with a canonical form, {unchanged} in it; {errors.Count} results.");
        Assert.InRange(accepted, Inputs / 10, Inputs);
        Assert.InRange(canonical, accepted / 2, accepted);
        Assert.InRange(unchanged, accepted / 10, canonical);
        Assert.InRange(errors.Count, 15, Enum.GetValues<WireError>().Length);
    }

    [Fact]
    public void Damaged_messages_cause_no_exception_and_no_allocation()
    {
        FuzzResult result = ClcFuzz.Run(Corpus, Seed(), Inputs, CancellationToken.None);
        output.WriteLine($"{result}");
        Assert.Equal((Inputs, 0), (result.Inputs, result.AllocatedBytes));
    }

    [Fact]
    public void A_seed_gives_the_same_inputs_again()
    {
        var (one, two) = (new ClcMutator(Corpus, 7), new ClcMutator(Corpus, 7));
        byte[] a = new byte[ClcMutator.MaxLength], b = new byte[ClcMutator.MaxLength];
        for (int i = 0; i < 1_000; i++)
            Assert.Equal(a[..one.Next(a)], b[..two.Next(b)]);
    }

    [Fact]
    public void Every_message_of_the_corpus_is_valid_and_canonical() => Assert.All(Corpus, message =>
    {
        byte[] target = new byte[ClcMutator.MaxLength];
        Assert.Equal(WireError.None, Smc.Transport.Wire.Clc.ClcRoundTrip.TryReencode(message, target, out int length));
        Assert.Equal(message, target[..length]);
        byte[] canonical = [.. message];
        Assert.True(CanonicalForm.TryMake(canonical));
        Assert.Equal(message, canonical);
    });

    private static int Seed() =>
        Environment.GetEnvironmentVariable("SMC_TEST_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
}
