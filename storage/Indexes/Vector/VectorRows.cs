namespace NeuroDb.Storage;

/// <summary>
/// The vectors that an index is made of and re-ranks with, by their ordinals: those of a segment,
/// or of an array. Safe for many threads.
/// </summary>
internal abstract class VectorRows(int count, int dimension)
{
    /// <summary>How many rows, those without a vector included.</summary>
    public int Count { get; } = count;

    /// <summary>Elements of a vector.</summary>
    public int Dimension { get; } = dimension;

    /// <summary>The elements of a row; zeros where it has no vector.</summary>
    public abstract ReadOnlySpan<float> Row(int ordinal);

    /// <summary>Whether a row has no vector.</summary>
    public abstract bool IsNull(int ordinal);
}
