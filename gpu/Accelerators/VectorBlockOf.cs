namespace NeuroDb.Gpu;

/// <summary>
/// A run of vectors of some element type in memory: <see cref="float"/>, <see cref="Half"/>,
/// <see cref="sbyte"/>, or <see cref="byte"/> for eight bits each, the lowest first, padded with
/// zeros. The rows are not owned; they must not change while a scan reads them.
/// </summary>
/// <param name="Rows">
/// The elements, row after row; at least (Count - 1) * Stride + dimension of them.
/// </param>
/// <param name="Count">How many rows.</param>
/// <param name="Stride">Elements from one row to the next, at least the dimension.</param>
/// <param name="FirstId">The id of the first row; row i has the id FirstId + i.</param>
/// <param name="Mask">
/// Which rows are candidates: bit i % 64 of word i / 64 stands for row i. Empty means all.
/// </param>
internal readonly record struct VectorBlock<TElement>(
    ReadOnlyMemory<TElement> Rows,
    int Count,
    int Stride,
    long FirstId,
    ReadOnlyMemory<ulong> Mask = default)
    where TElement : unmanaged
{
    /// <summary>Raises an <see cref="ArgumentException"/> where the parts do not fit.</summary>
    public void Check(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(Stride, dimension);
        if (Count > 0 && Rows.Length < ((Count - 1L) * Stride) + dimension)
        {
            throw new ArgumentException(
                $"A block of {Count} rows with stride {Stride} holds only {Rows.Length} elements.");
        }

        if (!Mask.IsEmpty && Mask.Length * 64L < Count)
        {
            throw new ArgumentException(
                $"A selection mask of {Mask.Length} words is too short for {Count} rows.");
        }
    }

    /// <summary>Whether the mask selects a row.</summary>
    public bool IsSelected(int row) =>
        Mask.IsEmpty || ((Mask.Span[row / 64] >> (row % 64)) & 1) != 0;

    /// <summary>The elements of a row.</summary>
    public ReadOnlySpan<TElement> Row(int row, int dimension) =>
        Rows.Span.Slice(row * Stride, dimension);
}
