using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Smc.Models.Tests;

/// <summary>Runs spin on a model, in a temporary folder.</summary>
internal static partial class ModelChecker
{
    private const int LongestMinutes = 5;

    /// <summary>Searches all states of a model, or up to the first error.</summary>
    /// <param name="model">The model's file.</param>
    /// <param name="variants">The macros of a variant; none for the model itself.</param>
    public static async Task<Verdict> CheckAsync(string model, params string[] variants)
    {
        string folder = Directory.CreateTempSubdirectory("smc-models-").FullName;
        try
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, model), Path.Combine(folder, model));
            await RunAsync(folder, "spin", ["-a", .. variants.Select(name => $"-D{name}"), model]).ConfigureAwait(false);
            // Compiling takes longer than searching, for all but the largest models.
            await RunAsync(folder, "gcc", ["-O0", "-DSAFETY", "-w", "-o", "pan", "pan.c"]).ConfigureAwait(false);
            string output = await RunAsync(folder, Path.Combine(folder, "pan"), ["-m200000"]).ConfigureAwait(false);
            return Read(output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Verdict Read(string output)
    {
        Match errors = Errors().Match(output);
        bool isComplete = !output.Contains("max search depth too small", StringComparison.Ordinal)
            && !output.Contains("out of memory", StringComparison.Ordinal)
            && !output.Contains("not completed", StringComparison.Ordinal);
        return new Verdict(errors.Success ? int.Parse(errors.Groups[1].Value, CultureInfo.InvariantCulture) : null, isComplete, output);
    }

    private static async Task<string> RunAsync(string folder, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Start(start);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(LongestMinutes));
        try
        {
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            Assert.Fail($"{program} took more than {LongestMinutes} minutes");
        }

        string text = await output.ConfigureAwait(false) + await errors.ConfigureAwait(false);
        if (process.ExitCode != 0) Assert.Fail($"{Path.GetFileName(program)} ended with {process.ExitCode}:\n{text}");
        return text;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Fail($"{start.FileName} is not installed");
            throw;
        }
    }

    [GeneratedRegex(@"errors: (\d+)")]
    private static partial Regex Errors();

    /// <summary>What the search has found.</summary>
    /// <param name="Errors">Null where it did not come to an end.</param>
    /// <param name="IsComplete">True where nothing limited the search.</param>
    /// <param name="Output">What was printed.</param>
    internal sealed record Verdict(int? Errors, bool IsComplete, string Output);
}
