using System.Reflection;
using System.Text.RegularExpressions;

namespace Smc.Transport.Tests;

/// <summary>Which way the folders of Transport point: by the signatures of its types, and by what its sources name.</summary>
public sealed partial class ArchitectureTests
{
    private const string Root = "Smc.Transport";

    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly Transport = typeof(SmcStream).Assembly;

    /// <summary>Each layer, and those that it may know beside itself.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Wire"] = [],
        ["Interop"] = [],
        ["Rings"] = ["Wire"],
        ["Memory"] = ["Interop", "Wire"],
        ["Waiting"] = ["Interop", "Memory"],
        ["Paths"] = ["Wire", "Interop", "Rings", "Memory", "Waiting", "Streams"],   // the streams' folder also holds the names both share
        ["Streams"] = ["Paths"],
    };

    public static TheoryData<string> Layers => [.. Arrows.Keys];

    [Fact]
    public void Transport_stands_on_the_base_class_library_alone() => Assert.All(
        Transport.GetReferencedAssemblies(),
        reference => Assert.Matches(@"^(System(\..+)?|Microsoft\.Win32\.Primitives|netstandard)$", reference.Name));

    [Theory]
    [MemberData(nameof(Layers))]
    public void The_types_of_a_layer_show_only_types_that_it_may_know(string layer)
    {
        Type[] types = [.. Transport.GetTypes().Where(type => LayerOf(type) == layer)];
        if (layer != "Streams") Assert.NotEmpty(types);   // the streams' types are in the root namespace
        string[] wrong = [.. from type in types
                             from known in TypesOf(type)
                             let other = LayerOf(known)
                             where other is not null && other != layer && !Arrows[layer].Contains(other)
                             select $"{type.FullName} knows {known.FullName}"];
        Assert.Empty(wrong.Distinct());
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void The_sources_of_a_layer_name_only_layers_that_it_may_know(string layer)
    {
        string[] files = Sources(layer);
        Assert.NotEmpty(files);
        string[] wrong = [.. from file in files
                             from Match match in LayerName().Matches(File.ReadAllText(file))
                             let other = match.Groups["layer"].Value
                             where Arrows.ContainsKey(other) && other != layer && !Arrows[layer].Contains(other)
                             select $"{Path.GetRelativePath(SourceFolder(), file)} names {match.Value}"];
        Assert.Empty(wrong);
    }

    [Fact]
    public void Rings_know_of_Wire_its_CDC_words_alone() => Assert.All(
        Sources("Rings"), file => Assert.DoesNotMatch(@"Smc\.Transport\.Wire\.(?!Cdc\b)", File.ReadAllText(file)));

    [Fact]
    public void Only_Interop_opens_the_door_to_the_kernel()
    {
        Assert.All(
            Transport.GetTypes().SelectMany(type => type.GetMethods(Everything)).Where(method => (method.Attributes & MethodAttributes.PinvokeImpl) != 0),
            method => Assert.StartsWith(Root + ".Interop.", method.DeclaringType!.Namespace, StringComparison.Ordinal));
        Assert.All(
            Sources(string.Empty).Where(file => !Path.GetRelativePath(SourceFolder(), file).StartsWith("Interop", StringComparison.Ordinal)),
            file => Assert.DoesNotMatch(@"\[(Library|Dll)Import", File.ReadAllText(file)));
    }

    [Fact]
    public void Folders_and_namespaces_agree() => Assert.All(Sources(string.Empty), file =>
    {
        string folder = Path.GetDirectoryName(Path.GetRelativePath(SourceFolder(), file))!.Replace(Path.DirectorySeparatorChar, '.');
        string found = NamespaceLine().Match(File.ReadAllText(file)).Groups["name"].Value;
        Assert.Contains(found, new[] { Root, $"{Root}.{folder}".TrimEnd('.') });   // what users name is in the root
    });

    [Fact]
    public void No_source_is_longer_than_600_lines() => Assert.All(Sources(string.Empty), file => Assert.InRange(File.ReadAllLines(file).Length, 1, 600));

    [GeneratedRegex(@"Smc\.Transport\.(?<layer>[A-Z]\w+)")]
    private static partial Regex LayerName();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    private static string? LayerOf(Type type)
    {
        string name = type.Namespace ?? string.Empty;
        if (!name.StartsWith(Root + ".", StringComparison.Ordinal)) return null;
        string layer = name.Split('.')[2];
        return Arrows.ContainsKey(layer) ? layer : null;
    }

    private static IEnumerable<Type> TypesOf(Type type)
    {
        IEnumerable<Type?> shown =
        [
            type.BaseType,
            .. type.GetInterfaces(),
            .. type.GetFields(Everything).Select(field => field.FieldType),
            .. type.GetProperties(Everything).Select(property => property.PropertyType),
            .. type.GetConstructors(Everything).SelectMany(constructor => constructor.GetParameters()).Select(parameter => parameter.ParameterType),
            .. type.GetMethods(Everything).SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)),
        ];
        return shown.OfType<Type>().SelectMany(Parts);
    }

    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType) return Parts(type.GetElementType()!);
        return type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type) : [type];
    }

    private static string[] Sources(string layer) =>
        [.. Directory.GetFiles(Path.Combine(SourceFolder(), layer), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(SourceFolder(), file).StartsWith("obj", StringComparison.Ordinal)
                && !Path.GetRelativePath(SourceFolder(), file).StartsWith("bin", StringComparison.Ordinal))];

    private static string SourceFolder()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Smc.Actors.sln"))) folder = Path.GetDirectoryName(folder);
        return Path.Combine(folder ?? throw new InvalidOperationException("Not inside the repository."), "Transport");
    }
}
