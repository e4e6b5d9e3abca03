using NeuroDb.Gpu;

namespace NeuroDb.Query;

/// <summary>Functions of vectors.</summary>
internal static class VectorFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("similarity", 2, 3, Similarity),
        OfMetric("l2_distance", Metric.L2, VectorMeasure.Distance),
        OfMetric("cosine_distance", Metric.Cosine, VectorMeasure.Distance),
        OfMetric("negative_inner_product", Metric.InnerProduct, VectorMeasure.Distance),
        OfMetric("l1_distance", Metric.L1, VectorMeasure.Distance),
        OfMetric("hamming_distance", Metric.Hamming, VectorMeasure.Distance),
        OfMetric("jaccard_distance", Metric.Jaccard, VectorMeasure.Distance),
        OfMetric("inner_product", Metric.InnerProduct, VectorMeasure.InnerProduct),
        new("vector_dims", 1, 1, Dimensions),
        OfNorm("vector_norm"),
        OfNorm("l2_norm"),
        OfNorm("norm"),
        OfNormalization("normalize"),
        OfNormalization("l2_normalize"),
        new("subvector", 3, 3, Subvector),
        new("binary_quantize", 1, 1, BinaryQuantize),
    ];

    /// <summary>A computed element; infinities and NaN are errors.</summary>
    public static float Finite(double element) => float.IsFinite((float)element)
        ? (float)element
        : throw new NeuroStoreException(
            ErrorCode.NonFiniteVector,
            "The result has an element that is not a finite 32-bit number.");

    /// <summary>
    /// The type of what is computed from a vector: HALFVEC stays one, others become VECTOR.
    /// </summary>
    public static DataType ComputedType(DataType type) => type.Kind == TypeKind.HalfVector
        ? type
        : DataType.VectorOf(type.IsVector ? type.Length : 0);

    private static FunctionDefinition OfMetric(
        string name, Metric metric, VectorMeasure measure) =>
        new(name, 2, 2, call => VectorDistance.Make(
            metric, measure, call.Arguments[0], call.Arguments[1], call.Position));

    private static FunctionDefinition OfNorm(string name) =>
        new(name, 1, 1, call => call.Make(
            DataType.Double,
            RowLoops.Of<ReadOnlyMemory<float>, double>(
                v => VectorArithmetic.NormOf(v.Span)),
            [call.Vector(0)]));

    private static FunctionDefinition OfNormalization(string name) =>
        new(name, 1, 1, call =>
        {
            Expression vector = call.Vector(0);
            Expression normalized = call.Make(
                vector.Type,
                RowLoops.Of<ReadOnlyMemory<float>, ReadOnlyMemory<float>>(
                    VectorArithmetic.Normalize),
                [vector]);
            return VectorArithmetic.Narrow(
                normalized, ComputedType(call.TypeOf(0)), call.Position);
        });

    private static Expression Dimensions(FunctionCall call) =>
        call.TypeOf(0).Physical == PhysicalKind.CompactVector
            ? call.Make(
                DataType.Integer,
                RowLoops.Of<CompactVector, long>(v => v.Dimension),
                call.Arguments)
            : call.Make(
                DataType.Integer,
                RowLoops.Of<ReadOnlyMemory<float>, long>(v => v.Length),
                [call.Vector(0)]);

    private static Expression BinaryQuantize(FunctionCall call)
    {
        Expression vector = call.Vector(0);
        return call.Make(
            DataType.BitVectorOf(vector.Type.Length),
            RowLoops.Of<ReadOnlyMemory<float>, CompactVector>(
                v => CompactVector.BitsOf(v.Span)),
            [vector]);
    }

    private static Expression Similarity(FunctionCall call)
    {
        bool isOfBits = call.TypeOf(0).Kind == TypeKind.BitVector
            || call.TypeOf(1).Kind == TypeKind.BitVector;
        Metric metric = call.Count > 2 ? MetricOf(call)
            : isOfBits ? Metric.Jaccard
            : Metric.Cosine;
        return VectorDistance.Make(
            metric,
            VectorMeasure.Similarity,
            call.Arguments[0],
            call.Arguments[1],
            call.Position);
    }

    private static Metric MetricOf(FunctionCall call)
    {
        const string Expected = "'cosine', 'ip', 'l2', 'l1', 'hamming' or 'jaccard'";
        if (call.Arguments[2] is not ConstantExpression { Type.Kind: TypeKind.Text } constant)
        {
            throw call.Mismatch(2, $"{Expected} as a literal");
        }

        return constant.Value.AsText().ToLowerInvariant() switch
        {
            "cosine" => Metric.Cosine,
            "ip" or "inner_product" => Metric.InnerProduct,
            "l2" => Metric.L2,
            "l1" => Metric.L1,
            "hamming" => Metric.Hamming,
            "jaccard" => Metric.Jaccard,
            _ => throw call.Mismatch(2, Expected),
        };
    }

    /// <summary>Elements from a start on, counted from 1, cut to the vector.</summary>
    private static Expression Subvector(FunctionCall call)
    {
        TypeKind kind = call.TypeOf(0).Kind;
        if (call.TypeOf(0).Physical != PhysicalKind.CompactVector)
        {
            return call.Make(
                DataType.VectorOf(0),
                RowLoops.Of<ReadOnlyMemory<float>, long, long, ReadOnlyMemory<float>>(
                    (vector, start, count) => vector[RangeOf(vector.Length, start, count)]),
                [call.Vector(0), call.Whole(1), call.Whole(2)]);
        }

        return call.Make(
            DataType.VectorOf(kind, 0),
            RowLoops.Of<CompactVector, long, long, CompactVector>((vector, start, count) =>
                CompactVectors.Slice(kind, vector, RangeOf(vector.Dimension, start, count))),
            [call.Arguments[0], call.Whole(1), call.Whole(2)]);
    }

    private static Range RangeOf(int length, long start, long count)
    {
        long from = Math.Max(start, 1);
        long end = (long)Int128.Clamp((Int128)start + count, long.MinValue + 1, long.MaxValue);
        long to = Math.Min(length, end - 1);
        return to >= from
            ? ((int)from - 1)..(int)to
            : throw new NeuroStoreException(
                ErrorCode.DimensionMismatch,
                $"subvector({start}, {count}) takes no element of {length}.");
    }
}
