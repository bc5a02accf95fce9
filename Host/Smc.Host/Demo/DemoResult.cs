using System.Globalization;
using Smc.Actors.Inspection.Reports;
using Smc.Host.Carriers;
using Smc.Host.Text;

namespace Smc.Host.Demo;

/// <summary>What one carrier did with the file.</summary>
/// <param name="Over">The carrier.</param>
/// <param name="Mode">What the connection said it ran on, and why.</param>
/// <param name="Forth">Listener's file to the connecting process.</param>
/// <param name="Back">The same bytes returned.</param>
/// <param name="Digests">SHA-256 at the receiving end, forth and back.</param>
internal sealed record DemoResult(Over Over, string Mode, Leg Forth, Leg Back, string[] Digests)
{
    /// <summary>What is wrong with it; null if nothing.</summary>
    public string? Complaint(string digest) =>
        Over == Over.Smc && !Mode.StartsWith("SMC", StringComparison.Ordinal) ? $"smc-d ran over {Mode}"
        : Digests.Any(d => d != digest) ? $"SHA-256 over {Over.Name()} is {Digests.First(d => d != digest)}, not that of the file"
        : null;

    public static TextTable Table(IEnumerable<DemoResult> results, long bytes, string digest)
    {
        var table = new TextTable("Over", "Mode", ">Forth MB/s", ">Back MB/s", ">CPU sender s", ">CPU receiver s", ">CPU both s/GB", "SHA-256, both ends");
        foreach (DemoResult r in results)
        {
            double both = (r.Forth.Cpu + r.Back.Cpu) / (2.0 * bytes / 1e9);
            table.Add(r.Over.Name(), r.Mode.Split(' ')[0], r.Forth.Throughput(bytes), r.Back.Throughput(bytes),
                Quantity.Seconds(r.Forth.SenderCpu + r.Back.SenderCpu), Quantity.Seconds(r.Forth.ReceiverCpu + r.Back.ReceiverCpu), Quantity.Seconds(both),
                r.Digests.All(d => d == digest) ? "verified" : "DIFFERS");
        }
        return table;
    }
}

/// <summary>The file once over the connection.</summary>
internal readonly record struct Leg(double Seconds, double SenderCpu, double ReceiverCpu)
{
    public double Cpu => SenderCpu + ReceiverCpu;

    /// <param name="sent">Seconds and CPU seconds, as <see cref="TimedTransfer.Send"/> says them.</param>
    /// <param name="received">Likewise from the receiver.</param>
    public static Leg Parse(string sent, string received) => new(Number(sent, 0), Number(sent, 1), Number(received, 1));

    public string Throughput(long bytes) => (bytes / 1e6 / Seconds).ToString("0", CultureInfo.InvariantCulture);

    private static double Number(string words, int index) => double.Parse(words.Split(' ')[index], CultureInfo.InvariantCulture);
}
