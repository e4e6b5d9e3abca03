using System.Buffers;
using System.Buffers.Binary;

namespace NeuroDb.Storage;

/// <summary>
/// Records that are written to the log together, encoded in place by the caller: begin a record,
/// write its bytes, end it. Reused from commit to commit, so that a commit allocates nothing. A
/// group is replayed whole or not at all. Not safe for several threads.
/// </summary>
internal sealed class LogGroup : IBufferWriter<byte>
{
    private const int LengthSizeBytes = sizeof(int);
    private const int NoRecord = -1;
    private const int KeptSizeBytesMax = 4 << 20;

    // Up to this size the memory grows by copying. A commit that copied megabytes into fresh memory
    // would hold up all others for as many milliseconds.
    private const int CopiedSizeBytesMax = 64 << 10;
    private const int SmallCountMax = 256;
    private readonly int _keptSizeMax;
    private readonly int _largeCapacity;

    // What is larger than what is copied lies outside of the collector's heap: an array of
    // megabytes has a collection begin, on the way of a commit.
    private byte[] _buffer;
    private NativeArray<byte>? _memory;
    private int _smallCount;
    private int _size;
    private int _recordStart = NoRecord;

    /// <summary>Makes an empty group.</summary>
    /// <param name="capacityBytes">The bytes that have room at once.</param>
    /// <param name="largeCapacityBytes">
    /// The capacity that it gets when it grows beyond the smallest sizes: addresses, of which the
    /// system gives memory to those that are written.
    /// </param>
    public LogGroup(int capacityBytes = 4096, int largeCapacityBytes = 0)
    {
        _buffer = new byte[capacityBytes];
        _largeCapacity = largeCapacityBytes;
        _keptSizeMax = Math.Max(Math.Max(capacityBytes, largeCapacityBytes), KeptSizeBytesMax);
    }

    /// <summary>The records ended so far.</summary>
    public int RecordCount { get; private set; }

    /// <summary>The bytes of the records so far, with their lengths, also of an open one.</summary>
    public long SizeBytes => _size;

    /// <summary>The encoded records: a 4-byte length before each.</summary>
    internal ReadOnlySpan<byte> Content
    {
        get
        {
            Invariant.Check(_recordStart == NoRecord, "no record is open");
            return Buffer[.._size];
        }
    }

    /// <summary>Starts a record; what is written next belongs to it.</summary>
    public void BeginRecord()
    {
        Invariant.Check(_recordStart == NoRecord, "the record before was ended");
        Reserve(LengthSizeBytes);
        _recordStart = _size;
        _size += LengthSizeBytes;
    }

    /// <summary>Ends the record. It must hold between 1 byte and 16 MiB.</summary>
    public void EndRecord()
    {
        Invariant.Check(_recordStart != NoRecord, "a record was begun");
        int length = _size - _recordStart - LengthSizeBytes;
        Invariant.Check(length > 0, "a record is not empty");
        Invariant.Check(length <= LogFormat.RecordSizeBytesMax, "a record is at most 16 MiB");
        BinaryPrimitives.WriteInt32LittleEndian(Buffer[_recordStart..], length);
        _recordStart = NoRecord;
        RecordCount++;
    }

    /// <summary>Takes back the open record, as if it had never been begun.</summary>
    public void AbandonRecord()
    {
        Invariant.Check(_recordStart != NoRecord, "a record was begun");
        _size = _recordStart;
        _recordStart = NoRecord;
    }

    /// <summary>
    /// Forgets all records and keeps the memory, unless it is unusually much or was not needed for
    /// long.
    /// </summary>
    public void Clear()
    {
        _smallCount = _size <= CopiedSizeBytesMax ? _smallCount + 1 : 0;
        int capacity = Buffer.Length;
        bool isNeedless = capacity > KeptSizeBytesMax && _smallCount > SmallCountMax;
        if (capacity > _keptSizeMax || isNeedless)
        {
            _memory?.Free();
            _memory = null;
            _buffer = new byte[LogFormat.BlockSizeBytes];
        }

        _size = 0;
        _recordStart = NoRecord;
        RecordCount = 0;
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        Invariant.Check(_recordStart != NoRecord, "bytes are written inside a record");
        Invariant.Check(count >= 0 && count <= Buffer.Length - _size);
        _size += count;
    }

    /// <summary>Not offered: records are written by spans.</summary>
    public Memory<byte> GetMemory(int sizeHint = 0) =>
        throw Invariant.Broken("records are written by spans");

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return Buffer[_size..];
    }

    private Span<byte> Buffer => _memory is null ? _buffer : _memory.Span;

    private void Reserve(int count)
    {
        long needed = (long)_size + count;
        if (needed > Buffer.Length)
        {
            Grow(needed);
        }
    }

    private void Grow(long needed)
    {
        if (needed > LogFormat.GroupSizeBytesMax)
        {
            throw new ResourceLimitException(
                ErrorCode.ResourceLimit,
                $"The changes of one commit are larger than {LogFormat.GroupSizeBytesMax} bytes; "
                + "commit in smaller steps.");
        }

        long doubled = Math.Min(2L * Buffer.Length, LogFormat.GroupSizeBytesMax);
        if (_largeCapacity == 0 || Math.Max(needed, doubled) <= CopiedSizeBytesMax)
        {
            byte[] grown = GC.AllocateUninitializedArray<byte>((int)Math.Max(needed, doubled));
            _buffer.AsSpan(0, _size).CopyTo(grown);
            _buffer = grown;
            return;
        }

        int capacity = (int)Math.Max(needed, Math.Max(doubled, _largeCapacity));
        var memory = new NativeArray<byte>(capacity, NativeRegion.InSmallPages);
        Buffer[.._size].CopyTo(memory.Span);
        _memory?.Free();
        _memory = memory;
        _buffer = [];
    }
}
