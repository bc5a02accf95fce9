using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace Smc.Transport.Interop.Linux;

/// <summary>When processes began: what tells one from another that has had its number before.</summary>
internal static class ProcessStart
{
    /// <summary>Of the fields behind the name of the program, the 20th.</summary>
    private const int FieldsBefore = 19;

    /// <summary>More than the kernel writes up to that field.</summary>
    private const int MostBytes = 1024;

    /// <summary>In clock ticks since the system began, by /proc; 0 where the process is not visible from here, or has gone.</summary>
    public static long Of(int processId)
    {
        if (processId <= 0 || !OperatingSystem.IsLinux()) return 0;
        Span<byte> line = stackalloc byte[MostBytes];
        try
        {
            using SafeFileHandle file = File.OpenHandle($"/proc/{processId}/stat", share: FileShare.ReadWrite | FileShare.Delete);
            line = line[..RandomAccess.Read(file, line, fileOffset: 0)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }

        return Parse(line);
    }

    /// <summary>The name of the program stands in parentheses, and may hold spaces and parentheses itself.</summary>
    internal static long Parse(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> fields = line[(line.LastIndexOf((byte)')') + 1)..].TrimStart((byte)' ');
        for (int field = 0; field < FieldsBefore; field++)
        {
            int space = fields.IndexOf((byte)' ');
            if (space < 0) return 0;
            fields = fields[(space + 1)..];
        }

        return Utf8Parser.TryParse(fields, out long start, out _) ? start : 0;
    }
}
