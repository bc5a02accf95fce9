using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Peer.Hostile;

/// <summary>Memory that one end has offered the other, mapped, with its descriptor kept for what no well-behaved peer does with it.</summary>
internal sealed partial class MappedOffer : IDisposable
{
    private const int PunchHole = 2 | 1;   // FALLOC_FL_PUNCH_HOLE needs FALLOC_FL_KEEP_SIZE

    private readonly SafeFileHandle _kept;

    public MappedOffer(OfferSlab offer, FileDescriptor descriptor)
    {
        Offer = offer;
        _kept = File.OpenHandle(PathOf(descriptor), FileMode.Open, FileAccess.ReadWrite);
        if (SharedRegion.TryOpen(descriptor, (long)offer.Bytes, null, out SharedRegion? region) != MemoryError.None) throw new InvalidOperationException("not mapped");
        Region = region!;
    }

    public OfferSlab Offer { get; }

    public SharedRegion Region { get; }

    /// <summary>Maps what is about to be offered, and leaves its descriptor alone.</summary>
    public static MappedOffer Of(OfferSlab offer, FileDescriptor descriptor) => new(offer, Open(descriptor));

    /// <summary>Another descriptor of the same memory.</summary>
    public FileDescriptor Reopen() => Open(_kept);

    /// <summary>Gives all pages back to the kernel under the peer's mapping.</summary>
    public int Punch() => Allocate(_kept, PunchHole, 0, Region.Length) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Tries to take the memory away under the peer's mapping.</summary>
    /// <returns>The errno.</returns>
    public int Truncate() => Truncate(_kept, 0) == 0 ? 0 : Marshal.GetLastPInvokeError();

    public void Dispose()
    {
        _kept.Dispose();
        Region.Dispose();
    }

    private static string PathOf(SafeHandle descriptor) => $"/proc/self/fd/{descriptor.DangerousGetHandle()}";

    private static FileDescriptor Open(SafeHandle descriptor) => new(Libc.Open(PathOf(descriptor), Libc.OpenReadWrite | Libc.OpenCloseOnExec, 0));

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Allocate(SafeFileHandle descriptor, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int Truncate(SafeFileHandle descriptor, long length);
}
