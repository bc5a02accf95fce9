using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Wire;

namespace Smc.Transport.Paths.Smcd.Rendezvous;

/// <summary>What one process publishes in the rendezvous folder: who it is, where its control socket is, and where it listens.</summary>
/// <param name="Gid">Its Emulated-ISM device; also the name of its files.</param>
/// <param name="NetworkNamespace">The kernel's cookie of its network namespace.</param>
/// <param name="Listeners">The endpoints it listens on, as bound.</param>
public sealed record RegistryEntry(SmcGid Gid, ulong NetworkNamespace, IReadOnlyList<IPEndPoint> Listeners)
{
    private const string Header = "smc-registry 1";
    private const string NamespaceKey = "netns ";
    private const string ListenKey = "listen ";

    /// <summary>The name of the control socket in the folder.</summary>
    public string SocketName => Gid.ToGuid().ToString("N") + RegistryFiles.Socket;

    /// <summary>The entry as the lines of a file.</summary>
    internal string Format()
    {
        var text = new StringBuilder(Header).Append('\n');
        text.Append(NamespaceKey).Append(NetworkNamespace.ToString("x16", CultureInfo.InvariantCulture)).Append('\n');
        foreach (IPEndPoint listener in Listeners) text.Append(ListenKey).Append(listener).Append('\n');
        return text.ToString();
    }

    /// <summary>Reads a file of the folder. Unknown lines are skipped, so that a newer version may add some.</summary>
    internal static bool TryParse(SmcGid gid, string text, [NotNullWhen(true)] out RegistryEntry? entry)
    {
        entry = null;
        string[] lines = text.Split('\n');
        if (lines[0] != Header) return false;
        ulong networkNamespace = 0;
        var listeners = new List<IPEndPoint>();
        foreach (string line in lines)
        {
            if (line.StartsWith(NamespaceKey, StringComparison.Ordinal)
                && !ulong.TryParse(line.AsSpan(NamespaceKey.Length), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out networkNamespace)) return false;
            if (!line.StartsWith(ListenKey, StringComparison.Ordinal)) continue;
            if (!IPEndPoint.TryParse(line.AsSpan(ListenKey.Length), out IPEndPoint? listener)) return false;
            listeners.Add(listener);
        }

        entry = new RegistryEntry(gid, networkNamespace, listeners);
        return true;
    }
}

/// <summary>The files of a process in the rendezvous folder: its GID as 32 hex digits, and one of these.</summary>
internal static class RegistryFiles
{
    public const string Lock = OwnedFolder.LockSuffix;
    public const string Socket = ".sock";
    public const string Entry = ".entry";

    /// <summary>Behind the name of an entry that is being written.</summary>
    public const string Unfinished = ".new";
}
