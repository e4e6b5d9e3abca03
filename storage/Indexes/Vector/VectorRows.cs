namespace NeuroDb.Storage;

/// <summary>
/// The vectors that an index is made of and re-ranks with, by their ordinals: those of a segment,
/// of chunks in memory, or of an array, of any type. Safe for many threads.
/// </summary>
internal abstract class VectorRows(int count, int dimension)
{
    /// <summary>How many rows, those without a vector included.</summary>
    public int Count { get; } = count;

    /// <summary>Elements of a vector.</summary>
    public int Dimension { get; } = dimension;

    /// <summary>The bytes of the elements of a row.</summary>
    public abstract int RowSizeBytes { get; }

    /// <summary>Whether a row has no vector.</summary>
    public abstract bool IsNull(int ordinal);

    /// <summary>Writes the elements of a row as numbers; zeros where it has no vector.</summary>
    public abstract void CopyTo(int ordinal, Span<float> target);

    /// <summary>dot(row, row).</summary>
    public abstract float SquaredNorm(int ordinal);

    /// <summary>What a query ranks a row by.</summary>
    public abstract float Rank(int ordinal, VectorQuery query);

    /// <summary>The same in double precision.</summary>
    public abstract double RankDouble(int ordinal, VectorQuery query);

    /// <summary>Asks for a row that will be read soon.</summary>
    public abstract void Prefetch(int ordinal);

    /// <summary>The elements of a row as numbers.</summary>
    public float[] ToArray(int ordinal)
    {
        var numbers = new float[Dimension];
        CopyTo(ordinal, numbers);
        return numbers;
    }
}
