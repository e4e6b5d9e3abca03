namespace NeuroDb.Storage;

/// <summary>
/// The encoders and buffers through which the columns of a segment go, half a megabyte: a writer
/// takes those of one that is done. Not safe for several threads.
/// </summary>
internal sealed class EncodingScratch
{
    private static EncodingScratch? _spare;

    /// <summary>Encodes whole numbers.</summary>
    public IntegerEncoder Integers { get; } = new();

    /// <summary>Encodes numbers of 16 bytes.</summary>
    public WideEncoder Wide { get; } = new();

    /// <summary>Encodes texts, blobs and vectors.</summary>
    public VariableEncoder Variable { get; } = new();

    /// <summary>Room for the numbers of a chunk.</summary>
    public long[] Numbers { get; } = new long[Limits.ChunkRowCount];

    /// <summary>Room for the decimals of a chunk.</summary>
    public decimal[] Decimals { get; } = new decimal[Limits.ChunkRowCount];

    /// <summary>Room for the UUIDs of a chunk.</summary>
    public Guid[] Uuids { get; } = new Guid[Limits.ChunkRowCount];

    /// <summary>Room for any of them, encoded.</summary>
    public byte[] Block { get; } = new byte[WideEncoder.SizeBytesMax(Limits.ChunkRowCount)];

    /// <summary>Takes what somebody returned, or makes it.</summary>
    public static EncodingScratch Take() =>
        Interlocked.Exchange(ref _spare, null) ?? new EncodingScratch();

    /// <summary>Gives it to the next one who takes; the caller does not use it any more.</summary>
    public void Return() => Volatile.Write(ref _spare, this);
}
