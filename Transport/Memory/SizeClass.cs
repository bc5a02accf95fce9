using System.Numerics;

namespace Smc.Transport.Memory;

/// <summary>The protocol's compressed buffer sizes: 16 KiB shifted left by the code. SMC-D knows the codes 0 to 6, 16 KiB to 1 MiB.</summary>
public readonly record struct SizeClass
{
    /// <summary>The smallest buffer, in bytes.</summary>
    public const int SmallestBytes = 16 * 1024;

    /// <summary>The largest code of SMC-D.</summary>
    public const byte LargestSmcdCode = 6;

    private SizeClass(byte code) => Code = code;

    /// <summary>The code as the 4-bit field of Accept and Confirm carries it.</summary>
    public byte Code { get; }

    /// <summary>The size in bytes, CDC area included.</summary>
    public int Bytes => SmallestBytes << Code;

    /// <summary>The class of a code that was received.</summary>
    /// <returns>False for a code that SMC-D does not have.</returns>
    public static bool TryFromCode(byte code, out SizeClass sizeClass)
    {
        sizeClass = new SizeClass(code);
        return code <= LargestSmcdCode;
    }

    /// <summary>The smallest class that holds <paramref name="bytes"/>, or the largest of SMC-D.</summary>
    public static SizeClass ForSmcd(long bytes)
    {
        if (bytes <= SmallestBytes) return new SizeClass(0);
        int code = BitOperations.Log2((ulong)((bytes - 1) / SmallestBytes)) + 1;
        return new SizeClass((byte)Math.Min(code, LargestSmcdCode));
    }

    /// <summary>The next smaller class, for a request that cannot be met in this one.</summary>
    /// <returns>False at the smallest.</returns>
    public bool TryStepDown(out SizeClass smaller)
    {
        smaller = Code == 0 ? this : new SizeClass((byte)(Code - 1));
        return Code != 0;
    }
}
