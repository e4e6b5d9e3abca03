namespace NeuroDb.Storage;

/// <summary>
/// Where one version of a row lies: a slot of the table (chunk * rows of a chunk + row), or, below
/// zero, the complement of a position in the transaction's own pending rows. Valid within the
/// <see cref="TableSnapshot"/> that gave it.
/// </summary>
/// <param name="Slot">The slot, or the complement of a position.</param>
internal readonly record struct RowAddress(long Slot)
{
    /// <summary>Whether the row is a pending row of the transaction itself.</summary>
    public bool IsPending => Slot < 0;

    /// <summary>The chunk of the table or of the pending rows.</summary>
    public int Chunk => (int)((Slot < 0 ? ~Slot : Slot) / Limits.ChunkRowCount);

    /// <summary>The row within the chunk.</summary>
    public int Row => (int)((Slot < 0 ? ~Slot : Slot) % Limits.ChunkRowCount);

    /// <summary>The address of a row of a chunk of the table.</summary>
    public static RowAddress OfTable(int chunk, int row) =>
        new(((long)chunk * Limits.ChunkRowCount) + row);

    /// <summary>The address of a row of a chunk of the pending rows.</summary>
    public static RowAddress OfPending(int chunk, int row) =>
        new(~(((long)chunk * Limits.ChunkRowCount) + row));
}
