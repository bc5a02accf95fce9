namespace Actors.Tests.Settings;

/// <summary>The files of <c>hocon/</c>, beside the tests.</summary>
internal static class ConfigurationFiles
{
    public static string At(string name) => Path.Combine(AppContext.BaseDirectory, "hocon", name);
}
