namespace NeuroDb.Storage;

/// <summary>Vectors in one array, row after row.</summary>
internal sealed class ArrayVectorRows(ReadOnlyMemory<float> vectors, int dimension, int stride)
    : VectorRows(vectors.Length / stride, dimension)
{
    /// <inheritdoc/>
    public override ReadOnlySpan<float> Row(int ordinal) =>
        vectors.Span.Slice(ordinal * stride, Dimension);

    /// <inheritdoc/>
    public override bool IsNull(int ordinal) => false;
}
