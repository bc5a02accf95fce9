using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Smc.Transport.Interop.Linux;

/// <summary>A file descriptor that is closed exactly once.</summary>
public sealed class FileDescriptor : SafeHandleMinusOneIsInvalid
{
    /// <summary>Takes ownership of <paramref name="descriptor"/>.</summary>
    internal FileDescriptor(int descriptor)
        : base(ownsHandle: true) => SetHandle(descriptor);

    /// <summary>The number itself, valid while this object is neither closed nor finalized.</summary>
    internal int Value => (int)handle;

    /// <summary>Keeps the number from becoming another file's until <see cref="SafeHandle.DangerousRelease"/>.</summary>
    /// <returns>False where it is closed.</returns>
    internal bool TryHold()
    {
        bool held = false;
        if (IsClosed) return false;
        try
        {
            DangerousAddRef(ref held);
        }
        catch (ObjectDisposedException)
        {
            // Closed since.
        }

        return held;
    }

    /// <inheritdoc />
    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
