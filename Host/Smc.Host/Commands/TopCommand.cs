using System.CommandLine;
using Akka.Configuration;
using Smc.Actors.Settings;
using Smc.Host.CommandLine;
using Smc.Host.Text;
using Smc.Host.Top;

namespace Smc.Host.Commands;

/// <summary><c>smc top</c>: the connections of this user's processes and what they do a second, live.</summary>
internal static class TopCommand
{
    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromMilliseconds(100);
    private static readonly string[] Modes = ["smcd", "smcr", "tcp"];

    public static Command Create()
    {
        var process = new Option<string>("-p") { Description = "Only this process, or that whose door's name or GID begins so; without it, all of this user.", HelpName = "PID|DOOR|GID" };
        var period = new Option<string>("-d") { Description = "Between two looks, from 100ms on.", HelpName = "DURATION", DefaultValueFactory = _ => "1s" };
        var order = new Option<string>("-o") { Description = $"Sort by one of {TopKey.Words}.", HelpName = "KEY", DefaultValueFactory = _ => TopKey.All[0].Word };
        var reverse = new Option<bool>("-v") { Description = "The other way round." };
        var mode = new Option<string>("-m") { Description = $"Only connections of this mode: {string.Join(", ", Modes)}.", HelpName = "MODE" };
        var count = new Option<int?>("-n") { Description = "Print so many frames and leave.", HelpName = "COUNT" };
        var once = new Option<bool>("--once") { Description = "Print one frame and leave: rates since the connections opened." };
        var folder = new Option<string>("--folder") { Description = "The rendezvous folder, where it is not the default one.", HelpName = "FOLDER" };
        const string what = "Show the connections of this user's processes, and what they do a second. h shows the keys.";
        var command = new Command("top", what) { process, period, order, reverse, mode, count, once, folder };
        command.SetAction(async (parsed, ct) =>
        {
            TimeSpan between = Quantity.ParseDuration(parsed.GetValue(period)!);
            if (between < ShortestPeriod) throw CommandFailure.Usage($"-d must be at least {ShortestPeriod.TotalMilliseconds}ms, was '{parsed.GetValue(period)}'.");
            int? frames = parsed.GetValue(once) ? 1 : parsed.GetValue(count);
            if (frames < 1) throw CommandFailure.Usage($"-n must be at least 1, was {frames}.");
            var view = new TopView { Key = TopKey.Parse(parsed.GetValue(order)!), IsReversed = parsed.GetValue(reverse), Mode = ModeOf(parsed.GetValue(mode)) };
            using var source = new TopSource(parsed.GetValue(folder) ?? SmcSettings.From(Config.Empty).Rendezvous.Folder, parsed.GetValue(process), TopSource.Patience);
            return (int)await RunAsync(new TopSession(source, between, view), frames, ct);
        });
        return command;
    }

    private static async Task<ExitCode> RunAsync(TopSession session, int? frames, CancellationToken ct)
    {
        if (frames is not null || Console.IsOutputRedirected || Console.IsInputRedirected)
        {
            await session.PrintAsync(frames, ct);
            return ExitCode.Ok;
        }

        try
        {
            await session.ShowAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Ctrl+C is a way to leave.
        }

        return ExitCode.Ok;
    }

    private static string? ModeOf(string? word) => word is null || Modes.Contains(word)
        ? word?.ToUpperInvariant()
        : throw CommandFailure.Usage($"-m must be {string.Join(" or ", Modes)}, was '{word}'.");
}
