using System.Runtime.InteropServices;

namespace Smc.Transport.Tests;

/// <summary>A second name of a file.</summary>
internal static partial class HardLink
{
    public static void Make(string file, string name)
    {
        if (Link(file, name) != 0) throw new InvalidOperationException($"link {file}: errno {Marshal.GetLastPInvokeError()}");
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string file, string name);
}
