using System.Reflection;
using Akka.Configuration.Hocon;

namespace Akka.Configuration;

public static class ConfigurationFactory
{
    private static readonly Lazy<Config> Reference = new(() => FromResource("akka.conf", typeof(ConfigurationFactory).Assembly));

    public static Config Empty => Config.Empty;

    /// <summary>The defaults of this assembly.</summary>
    public static Config Default() => Reference.Value;

    public static Config ParseString(string hocon) =>
        ParseString(hocon, name => throw new ConfigurationException($"There is nothing that gives \"{name}\" to include."));

    /// <param name="hocon">The document.</param>
    /// <param name="includeCallback">Gives the document that <c>include "name"</c> names.</param>
    public static Config ParseString(string hocon, Func<string, HoconRoot> includeCallback) => new(Parser.Parse(hocon, includeCallback));

    public static Config FromResource<TAssembly>(string resourceName) => FromResource(resourceName, typeof(TAssembly).Assembly);

    public static Config FromResource(string resourceName, Assembly assembly)
    {
        using var stream = assembly.GetManifestResourceStream(resourceName)
            ?? throw new ConfigurationException($"Resource [{resourceName}] was not found in assembly [{assembly.GetName().Name}].");
        using var reader = new StreamReader(stream);
        return ParseString(reader.ReadToEnd());
    }
}

public static class ConfigExtensions
{
    public static bool IsNullOrEmpty(this Config? config) => config is null || config.IsEmpty;

    /// <summary>As WithFallback, where either may be missing.</summary>
    public static Config SafeWithFallback(this Config? config, Config fallback) => config is null || config.IsEmpty ? fallback : config.WithFallback(fallback);
}
