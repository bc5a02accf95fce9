using Spectre.Console;

namespace Smc.Host.Demo;

/// <summary>A progress bar for each transfer, where there is a terminal to show it; nothing where there is none.</summary>
internal static class DemoProgress
{
    /// <param name="work">Gets a function that begins a bar of a name and a total, and returns how to move it.</param>
    public static async Task RunAsync(Func<Func<string, long, Action<long>>, Task> work)
    {
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive)
        {
            await work(static (_, _) => static _ => { });
            return;
        }
        await AnsiConsole.Progress().AutoClear(true).StartAsync(context => work((name, total) =>
        {
            ProgressTask bar = context.AddTask(name, maxValue: total);
            return at => bar.Value = at;
        }));
    }
}
