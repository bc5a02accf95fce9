using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Smc.Packages.Tests;

/// <summary>A package and its symbols, read.</summary>
internal sealed class Package
{
    private readonly XElement _metadata;

    public Package(string path, string symbolsPath)
    {
        using ZipArchive package = ZipFile.OpenRead(path);
        using ZipArchive symbols = ZipFile.OpenRead(symbolsPath);
        Files = FilesOf(package);
        SymbolFiles = FilesOf(symbols);
        using Stream nuspec = package.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        _metadata = Named(XDocument.Load(nuspec).Root!, "metadata").Single();
        Readme = ReadText(package.GetEntry(Value("readme"))!);
        ZipArchiveEntry library = package.Entries.Single(entry => entry.Name.EndsWith(".dll", StringComparison.Ordinal));
        References = ReferencesOf(library);
    }

    /// <summary>What the package holds for its user.</summary>
    public IReadOnlyList<string> Files { get; }

    public IReadOnlyList<string> SymbolFiles { get; }

    public string Readme { get; }

    /// <summary>The assemblies that the library was compiled against, and their versions.</summary>
    public IReadOnlyDictionary<string, Version> References { get; }

    /// <summary>The packages that a user gets too, at these versions or later.</summary>
    public IReadOnlyDictionary<string, string> Dependencies => Named(_metadata, "dependencies").Elements().Elements()
        .ToDictionary(dependency => dependency.Attribute("id")!.Value, dependency => dependency.Attribute("version")!.Value);

    public string Value(string element) => Named(_metadata, element).Single().Value;

    private static IEnumerable<XElement> Named(XElement parent, string name) => parent.Elements().Where(element => element.Name.LocalName == name);

    // The rest is the packaging's own: relations, content types, properties, and the nuspec itself.
    private static string[] FilesOf(ZipArchive archive) =>
        [.. archive.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("lib/", StringComparison.Ordinal) || IsAtTheTop(name)).Order(StringComparer.Ordinal)];

    private static bool IsAtTheTop(string name) =>
        !name.Contains('/', StringComparison.Ordinal) && !name.EndsWith(".nuspec", StringComparison.Ordinal) && name != "[Content_Types].xml";

    private static string ReadText(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }

    private static Dictionary<string, Version> ReferencesOf(ZipArchiveEntry library)
    {
        using var image = new MemoryStream();
        using (Stream content = library.Open()) content.CopyTo(image);
        image.Position = 0;
        using var portable = new PEReader(image);
        MetadataReader reader = portable.GetMetadataReader();
        return reader.AssemblyReferences.Select(reader.GetAssemblyReference)
            .ToDictionary(reference => reader.GetString(reference.Name), reference => reference.Version);
    }
}
