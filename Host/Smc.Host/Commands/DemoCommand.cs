using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Smc.Host.CommandLine;
using Smc.Host.Demo;
using Smc.Host.Text;

namespace Smc.Host.Commands;

/// <summary><c>smc demo</c>: a file crosses shared memory between two processes, both ways, beside TCP and a Unix socket.</summary>
internal static class DemoCommand
{
    private const long LargestFile = 1L << 30;

    public static Command Create()
    {
        var size = new Option<string>("--size") { Description = "Size of the file, up to 1GiB.", DefaultValueFactory = _ => "256MiB" };
        var seed = new Option<string>("--seed") { Description = "Seed of the file's bytes; by default a new one, printed.", HelpName = "NUMBER" };
        var command = new Command("demo", "Send a file both ways between two processes over SMC-D, verify it, and compare with TCP and a Unix domain socket.")
        {
            size, seed,
        };
        command.SetAction(async (parsed, ct) =>
        {
            long bytes = Quantity.ParseSize(parsed.GetValue(size)!);
            if (bytes is < 1 or > LargestFile) throw CommandFailure.Usage("--size must be 1 byte to 1GiB.");
            return (int)await new DemoRun(bytes, Seed(parsed.GetValue(seed))).RunAsync(ct);
        });
        return command;
    }

    private static ulong Seed(string? text) =>
        text is null ? (ulong)RandomNumberGenerator.GetInt32(int.MaxValue)
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? seed
        : throw CommandFailure.Usage($"--seed must be a whole number, was '{text}'.");
}
