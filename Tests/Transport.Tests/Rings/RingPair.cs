using System.Runtime.CompilerServices;
using Smc.Transport.Rings;
using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Tests.Rings;

/// <summary>One direction of a connection over plain pinned memory: a writer's half and a reader's half that see two DMBs.</summary>
internal sealed unsafe class RingPair
{
    public SendRing Send;
    public ReceiveRing Receive;

    private readonly ulong[] _readerMemory;
    private readonly ulong[] _writerMemory;

    public RingPair(int ringBytes)
    {
        int bytes = ringBytes + SmcdCdcLayout.Length;
        _readerMemory = GC.AllocateArray<ulong>((bytes + 7) / 8, pinned: true);
        _writerMemory = GC.AllocateArray<ulong>(SmcdCdcLayout.Length / 8, pinned: true);
        byte* reader = AddressOf(_readerMemory);
        byte* writer = AddressOf(_writerMemory);
        Send = new SendRing(reader, bytes, writer);
        Receive = new ReceiveRing(reader, bytes);
        FromWriter = new CdcPublisher(reader);
        FromReader = new CdcPublisher(writer);
    }

    /// <summary>Publishes the writer's words.</summary>
    public CdcPublisher FromWriter { get; }

    /// <summary>Publishes the reader's words.</summary>
    public CdcPublisher FromReader { get; }

    /// <summary>The producer word, as a hostile writer may set it.</summary>
    public CdcCursor Producer
    {
        get => SmcdCdcWords.Cursor(Volatile.Read(ref _readerMemory[SmcdCdcLayout.WordOne / 8]));
        set => Volatile.Write(ref _readerMemory[SmcdCdcLayout.WordOne / 8], SmcdCdcWords.Pack(value));
    }

    /// <summary>The word with the reader's cursor and flags, as a hostile reader may set it.</summary>
    public ulong ReaderWord
    {
        get => Volatile.Read(ref _writerMemory[SmcdCdcLayout.WordTwo / 8]);
        set => Volatile.Write(ref _writerMemory[SmcdCdcLayout.WordTwo / 8], value);
    }

    /// <summary>The word with the writer's flags, as a hostile writer may set it.</summary>
    public ulong WriterWord
    {
        get => Volatile.Read(ref _readerMemory[SmcdCdcLayout.WordTwo / 8]);
        set => Volatile.Write(ref _readerMemory[SmcdCdcLayout.WordTwo / 8], value);
    }

    /// <summary>The bytes of the ring, as a hostile writer may set them.</summary>
    public Span<byte> Data => new(AddressOf(_readerMemory) + SmcdCdcLayout.Length, (int)Receive.Size);

    /// <summary>Writes what fits and shows it.</summary>
    public int Write(ReadOnlySpan<byte> source)
    {
        int count = Send.Write(source);
        FromWriter.PublishProducer(Send.Producer);
        return count;
    }

    /// <summary>Looks, and reads what is there.</summary>
    public int Read(Span<byte> destination)
    {
        if (!Receive.TryRefresh(out _, out RingViolation violation)) Assert.Fail($"{violation}");
        return Receive.Read(destination);
    }

    /// <summary>Shows the writer what was read.</summary>
    public void Update()
    {
        Receive.Confirm();
        FromReader.PublishConsumer(Receive.Consumer);
        if (!Send.TryRefresh(out _, out RingViolation violation)) Assert.Fail($"{violation}");
    }

    private static byte* AddressOf(ulong[] pinned) => (byte*)Unsafe.AsPointer(ref pinned[0]);
}
