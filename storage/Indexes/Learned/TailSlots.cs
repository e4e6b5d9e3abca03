namespace NeuroDb.Storage;

/// <summary>
/// Finds keys among the rows behind the runs of an index that commits look into, which are at most
/// a chunk: open addressing from the hash of the codes to the row. One writer; readers take no
/// lock, and go no further than the rows that they know of.
/// </summary>
internal sealed class TailSlots
{
    // Twice as many slots as rows.
    private const int SlotsEach = 2;
    private readonly ushort[] _rows;

    /// <summary>Makes room for so many rows, a power of two, and adds the first ones.</summary>
    public TailSlots(int capacity, ulong[][] codes, int count)
    {
        Invariant.Check(capacity <= Limits.ChunkRowCount
            && System.Numerics.BitOperations.IsPow2(capacity));
        _rows = new ushort[SlotsEach * capacity];
        for (int row = 0; row < count; row++)
        {
            Add(codes, row);
        }
    }

    /// <summary>Adds a row, whose codes are there.</summary>
    public void Add(ulong[][] codes, int row)
    {
        int at = (int)CodeFilter.HashAt(codes, row) & (_rows.Length - 1);
        while (_rows[at] != 0)
        {
            at = (at + 1) & (_rows.Length - 1);
        }

        Volatile.Write(ref _rows[at], (ushort)(row + 1));
    }

    /// <summary>Whether one of the first rows has a key.</summary>
    /// <param name="sought">The codes of the key.</param>
    /// <param name="hash">Their <see cref="CodeFilter.HashOf"/>.</param>
    /// <param name="codes">For each column the codes of the rows.</param>
    /// <param name="count">So many rows count.</param>
    public bool Has(ReadOnlySpan<ulong> sought, ulong hash, ulong[][] codes, int count)
    {
        int at = (int)hash & (_rows.Length - 1);
        int row;
        while ((row = Volatile.Read(ref _rows[at])) != 0)
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

            at = (at + 1) & (_rows.Length - 1);
        }

        return false;
    }
}
