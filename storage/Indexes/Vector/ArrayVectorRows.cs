using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>Vectors in one array, row after row.</summary>
internal sealed class ArrayVectorRows(ReadOnlyMemory<float> vectors, int dimension, int stride)
    : VectorRows(vectors.Length / stride, dimension)
{
    /// <inheritdoc/>
    public override int RowSizeBytes => Dimension * sizeof(float);

    /// <summary>The elements of a row.</summary>
    public ReadOnlySpan<float> Row(int ordinal) =>
        vectors.Span.Slice(ordinal * stride, Dimension);

    /// <inheritdoc/>
    public override bool IsNull(int ordinal) => false;

    /// <inheritdoc/>
    public override void CopyTo(int ordinal, Span<float> target) => Row(ordinal).CopyTo(target);

    /// <inheritdoc/>
    public override float SquaredNorm(int ordinal) => Norm.ComputeSquared(Row(ordinal));

    /// <inheritdoc/>
    public override float Rank(int ordinal, VectorQuery query) => query.Rank(Row(ordinal));

    /// <inheritdoc/>
    public override double RankDouble(int ordinal, VectorQuery query) =>
        query.RankDouble(Row(ordinal));

    /// <inheritdoc/>
    public override void Prefetch(int ordinal) => ReadAhead.Row(Row(ordinal));
}
