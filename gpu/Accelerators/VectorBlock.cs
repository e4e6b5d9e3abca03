namespace NeuroDb.Gpu;

/// <summary>
/// A run of vectors in memory: the unit that storage hands to a scan. The rows are not owned; they
/// must not change while a scan reads them. Rows aligned to 64 bytes are fastest, any will do.
/// </summary>
/// <param name="Rows">
/// The floats, row after row; at least (Count - 1) * Stride + dimension of them.
/// </param>
/// <param name="Count">How many rows.</param>
/// <param name="Stride">Floats from one row to the next, at least the dimension.</param>
/// <param name="FirstId">The id of the first row; row i has the id FirstId + i.</param>
/// <param name="Mask">
/// Which rows are candidates: bit i % 64 of word i / 64 stands for row i. Empty means all.
/// </param>
/// <param name="Version">
/// A number that stands for these very rows, unlike any other and never reused, so that a device
/// may keep a copy of them. 0 where the rows may change: they are sent with each scan.
/// </param>
internal readonly record struct VectorBlock(
    ReadOnlyMemory<float> Rows,
    int Count,
    int Stride,
    long FirstId,
    ReadOnlyMemory<ulong> Mask = default,
    long Version = 0)
{
    /// <summary>The block as rows of any element type are scanned.</summary>
    public VectorBlock<float> Elements => new(Rows, Count, Stride, FirstId, Mask);

    /// <summary>Raises an <see cref="ArgumentException"/> where the parts do not fit.</summary>
    public void Check(int dimension) => Elements.Check(dimension);
}
