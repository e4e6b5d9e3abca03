namespace NeuroDb.Gpu;

/// <summary>Queries that are scanned together, one after another in memory.</summary>
/// <param name="Vectors">The elements, Count * Dimension of them. Not copied.</param>
/// <param name="Count">How many queries.</param>
/// <param name="Dimension">Elements of a query.</param>
internal readonly record struct QueryBatch<TQuery>(
    ReadOnlyMemory<TQuery> Vectors, int Count, int Dimension)
    where TQuery : unmanaged
{
    /// <summary>Raises an <see cref="ArgumentException"/> where the parts do not fit.</summary>
    public void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Count);
        ArgumentOutOfRangeException.ThrowIfNegative(Dimension);
        if (Vectors.Length != (long)Count * Dimension)
        {
            throw new ArgumentException(
                $"{Count} queries of {Dimension} dimensions hold {Vectors.Length} elements.");
        }
    }

    /// <summary>One of the queries.</summary>
    public ReadOnlySpan<TQuery> Query(int index) =>
        Vectors.Span.Slice(index * Dimension, Dimension);
}
