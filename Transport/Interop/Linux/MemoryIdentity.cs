namespace Smc.Transport.Interop.Linux;

/// <summary>What makes two descriptors the same memory: the file behind them, whichever of them came first and over whom.</summary>
/// <param name="Major">Of its file system's device.</param>
/// <param name="Minor">Of its file system's device.</param>
/// <param name="Inode">On that device, while the file lasts.</param>
public readonly record struct MemoryIdentity(uint Major, uint Minor, ulong Inode)
{
    /// <summary>Asks the kernel.</summary>
    /// <returns>The default where it does not say.</returns>
    public static unsafe MemoryIdentity Of(FileDescriptor descriptor)
    {
        Libc.StatXResult found;
        return Libc.StatX(descriptor.Value, string.Empty, Libc.StatXResult.EmptyPath, Libc.StatXResult.BasicStats, &found) == 0
            ? new MemoryIdentity(found.DeviceMajor, found.DeviceMinor, found.Inode)
            : default;
    }
}
