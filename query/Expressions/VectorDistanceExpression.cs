using NeuroDb.Gpu;

namespace NeuroDb.Query;

/// <summary>
/// A distance or similarity of two vectors: what a vector index ranks by. The planner reads
/// metric and operands, ranks by the distance, and makes the value with
/// <see cref="ValueFromDistance"/>.
/// </summary>
internal sealed class VectorDistanceExpression(
    Metric metric,
    VectorMeasure measure,
    Expression left,
    Expression right,
    SourcePosition position) : RowExpression(TypeOf(measure), left, right)
{
    /// <summary>The metric.</summary>
    public Metric Metric { get; } = metric;

    /// <summary>Whether the value is the distance, the similarity or the inner product.</summary>
    public VectorMeasure Measure { get; } = measure;

    /// <summary>The left vector.</summary>
    public Expression Left => Children[0];

    /// <summary>The right vector.</summary>
    public Expression Right => Children[1];

    /// <summary>
    /// The distance that ranks: Euclidean (not squared), 1 - cosine, negative inner product, L1,
    /// the number or the share of bits that differ.
    /// The value of the expression for it.
    /// </summary>
    public double ValueFromDistance(double distance) => Measure switch
    {
        // Without a negative zero, which inner products of opposite vectors would differ in.
        VectorMeasure.Distance => 0 + distance,
        _ => Metric is Metric.Cosine or Metric.Jaccard ? 1 - distance : 0 - distance,
    };

    /// <summary>The inverse of <see cref="ValueFromDistance"/>.</summary>
    public double DistanceFromValue(double value) => ValueFromDistance(value);

    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new VectorDistanceExpression(Metric, Measure, children[0], children[1], position);

    /// <inheritdoc/>
    public override string ToString()
    {
        if (Measure == VectorMeasure.InnerProduct)
        {
            return $"inner_product({Left}, {Right})";
        }

        if (Measure == VectorMeasure.Similarity)
        {
            return $"similarity({Left}, {Right}, '{VectorDistance.NameOf(Metric)}')";
        }

        return Metric switch
        {
            Metric.L2 => $"({Left} <-> {Right})",
            Metric.Cosine => $"({Left} <=> {Right})",
            Metric.InnerProduct => $"({Left} <#> {Right})",
            Metric.Hamming => $"({Left} <~> {Right})",
            Metric.Jaccard => $"({Left} <%> {Right})",
            _ => $"({Left} <+> {Right})",
        };
    }

    /// <inheritdoc/>
    protected override ColumnBuffer EvaluateRows(RowBatch batch, ExecutionContext context)
    {
        int count = batch.Count;
        ColumnBuffer leftColumn = Operand(Left, batch, context);
        ColumnBuffer rightColumn = Operand(Right, batch, context);
        byte[]? nulls = ColumnLoops.UnionNulls(count, leftColumn, rightColumn);
        if (Left.Type.Kind != TypeKind.Vector || Right.Type.Kind != TypeKind.Vector)
        {
            return EvaluateValues(leftColumn, rightColumn, count, nulls);
        }

        var left = new Operand<ReadOnlyMemory<float>>(leftColumn, count);
        var right = new Operand<ReadOnlyMemory<float>>(rightColumn, count);
        var result = new double[count];
        for (int i = 0; i < count; i++)
        {
            if (nulls is not null && nulls[i] != 0)
            {
                continue;
            }

            ReadOnlySpan<float> a = left[i].Span;
            ReadOnlySpan<float> b = right[i].Span;
            CheckDimensions(a.Length, b.Length);
            result[i] = ValueFromDistance(Distance.Compute(Metric, a, b));
        }

        DoubleArithmetic.NullWhereNaN(result, ref nulls);
        return new ColumnBuffer<double>(Type, result, 0, count, new NullMask(nulls));
    }

    private ColumnBuffer<double> EvaluateValues(
        ColumnBuffer left, ColumnBuffer right, int count, byte[]? nulls)
    {
        var result = new double[count];
        for (int i = 0; i < count; i++)
        {
            if (nulls is not null && nulls[i] != 0)
            {
                continue;
            }

            Value a = left.GetValue(left.Count == 1 ? 0 : i);
            Value b = right.GetValue(right.Count == 1 ? 0 : i);
            CheckDimensions(a.VectorDimension, b.VectorDimension);
            result[i] = ValueFromDistance(VectorPair.Distance(Metric, a, b));
        }

        DoubleArithmetic.NullWhereNaN(result, ref nulls);
        return new ColumnBuffer<double>(Type, result, 0, count, new NullMask(nulls));
    }

    private void CheckDimensions(int left, int right)
    {
        if (left != right)
        {
            throw new NeuroStoreException(
                ErrorCode.DimensionMismatch,
                $"Vectors of {left} and {right} elements have no distance.",
                position);
        }
    }

    private static DataType TypeOf(VectorMeasure measure) => measure switch
    {
        VectorMeasure.Distance => DataType.Distance,
        VectorMeasure.Similarity => DataType.Score,
        _ => DataType.Double,
    };
}
