namespace NeuroDb.Storage;

/// <summary>
/// Finds keys among the rows behind the runs of an index that commits look into, which are at most
/// a chunk: open addressing from the hash of the codes to the row. One writer; readers take no
/// lock, and go no further than the rows that they know of.
/// </summary>
internal sealed class TailSlots : INativeMemory
{
    // Twice as many slots as rows.
    private const int SlotsEach = 2;
    private readonly FlatArray<ushort> _rows;
    private readonly int _mask;

    /// <summary>Makes room for so many rows, a power of two, and adds the first ones.</summary>
    public TailSlots(int capacity, FlatArray<ulong>[] codes, int count)
    {
        Invariant.Check(capacity <= Limits.ChunkRowCount
            && System.Numerics.BitOperations.IsPow2(capacity));
        _rows = new FlatArray<ushort>(SlotsEach * capacity, isReleased: true);
        _mask = (SlotsEach * capacity) - 1;
        for (int row = 0; row < count; row++)
        {
            Add(codes, row);
        }
    }

    /// <inheritdoc/>
    public long SizeBytes => _rows.SizeBytes;

    /// <summary>Adds a row, whose codes are there.</summary>
    public void Add(FlatArray<ulong>[] codes, int row)
    {
        Span<ushort> rows = _rows.Span;
        int at = (int)CodeFilter.HashAt(codes, row) & _mask;
        while (rows[at] != 0)
        {
            at = (at + 1) & _mask;
        }

        Volatile.Write(ref rows[at], (ushort)(row + 1));
    }

    /// <summary>Whether one of the first rows has a key.</summary>
    /// <param name="sought">The codes of the key.</param>
    /// <param name="hash">Their <see cref="CodeFilter.HashOf"/>.</param>
    /// <param name="codes">For each column the codes of the rows.</param>
    /// <param name="count">So many rows count.</param>
    public bool Has(
        ReadOnlySpan<ulong> sought, ulong hash, FlatArray<ulong>[] codes, int count)
    {
        Span<ushort> rows = _rows.Span;
        int at = (int)hash & _mask;
        int row;
        while ((row = Volatile.Read(ref rows[at])) != 0)
        {
            bool isKey = row <= count;
            for (int column = 0; column < sought.Length && isKey; column++)
            {
                isKey = codes[column][row - 1] == sought[column];
            }

            if (isKey)
            {
                return true;
            }

            at = (at + 1) & _mask;
        }

        return false;
    }

    /// <inheritdoc/>
    public void Release() => _rows.Release();
}
