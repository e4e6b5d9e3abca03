namespace NeuroDb.Query;

/// <summary>Counts what rows take that several threads keep together, about.</summary>
/// <param name="sizeBytesMax">What they may take.</param>
internal sealed class RowMeter(long sizeBytesMax)
{
    private long _size;

    /// <summary>The bytes of all rows.</summary>
    public long SizeBytes => Volatile.Read(ref _size);

    /// <summary>Whether they take more than they may.</summary>
    public bool IsExceeded => SizeBytes > sizeBytesMax;

    /// <summary>Adds rows; from any thread.</summary>
    public void Add(RowBatch batch) => Add(RowSizes.About(batch));

    /// <summary>Adds bytes; from any thread.</summary>
    public void Add(long sizeBytes) => Interlocked.Add(ref _size, sizeBytes);
}
