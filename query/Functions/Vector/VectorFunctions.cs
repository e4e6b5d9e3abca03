using NeuroDb.Gpu;

namespace NeuroDb.Query;

/// <summary>Functions of vectors, and the operators + - * || on them.</summary>
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
        OfMetric("inner_product", Metric.InnerProduct, VectorMeasure.InnerProduct),
        new("vector_dims", 1, 1, call => call.Make(
            DataType.Integer,
            RowLoops.Of<ReadOnlyMemory<float>, long>(v => v.Length),
            [call.Vector(0)])),
        OfNorm("vector_norm"),
        OfNorm("l2_norm"),
        OfNorm("norm"),
        OfNormalization("normalize"),
        OfNormalization("l2_normalize"),
        new("subvector", 3, 3, call => call.Make(
            DataType.VectorOf(0),
            RowLoops.Of<ReadOnlyMemory<float>, long, long, ReadOnlyMemory<float>>(Subvector),
            [call.Vector(0), call.Whole(1), call.Whole(2)])),
    ];

    /// <summary>A computed element; infinities and NaN are errors.</summary>
    public static float Finite(double element) => float.IsFinite((float)element)
        ? (float)element
        : throw new NeuroStoreException(
            ErrorCode.NonFiniteVector,
            "The result has an element that is not a finite 32-bit number.");

    /// <summary>+ - * of two vectors, or of a vector and a number.</summary>
    public static Expression Arithmetic(FunctionCall call)
    {
        bool leftIsNumber = call.TypeOf(0).IsNumeric;
        bool rightIsNumber = call.TypeOf(1).IsNumeric;
        if (call.Name == "*" && (leftIsNumber || rightIsNumber))
        {
            int vector = leftIsNumber ? 1 : 0;
            return call.Make(
                call.Vector(vector).Type,
                RowLoops.Of<ReadOnlyMemory<float>, double, ReadOnlyMemory<float>>(Scale),
                [call.Vector(vector), call.Double(1 - vector)]);
        }

        int dimension = Math.Max(LengthOf(call.TypeOf(0)), LengthOf(call.TypeOf(1)));
        Expression left = VectorDistance.ToVector(call.Arguments[0], dimension, call.Position);
        Expression right = VectorDistance.ToVector(call.Arguments[1], dimension, call.Position);
        OperatorFactory.CheckDimensions(left.Type, right.Type, call.Position);
        Func<float, float, double> element = call.Name switch
        {
            "+" => (a, b) => (double)a + b,
            "-" => (a, b) => (double)a - b,
            "*" => (a, b) => (double)a * b,
            _ => throw call.Mismatch(0, "a number"),
        };
        return call.Make(
            DataType.VectorOf(dimension),
            RowLoops.Of<ReadOnlyMemory<float>, ReadOnlyMemory<float>, ReadOnlyMemory<float>>(
                (a, b) => Combine(a.Span, b.Span, element)),
            [left, right]);
    }

    /// <summary>The elements of one vector after those of another.</summary>
    public static ReadOnlyMemory<float> Concatenate(
        ReadOnlyMemory<float> left, ReadOnlyMemory<float> right)
    {
        VectorText.CheckDimension(left.Length + right.Length, 0, default);
        return (float[])[.. left.Span, .. right.Span];
    }

    private static int LengthOf(DataType type) =>
        type.Kind == TypeKind.Vector ? type.Length : 0;

    private static FunctionDefinition OfMetric(
        string name, Metric metric, VectorMeasure measure) =>
        new(name, 2, 2, call => VectorDistance.Make(
            metric, measure, call.Arguments[0], call.Arguments[1], call.Position));

    private static FunctionDefinition OfNorm(string name) =>
        new(name, 1, 1, call => call.Make(
            DataType.Double,
            RowLoops.Of<ReadOnlyMemory<float>, double>(
                v => NormOf(v.Span)),
            [call.Vector(0)]));

    private static FunctionDefinition OfNormalization(string name) =>
        new(name, 1, 1, call =>
        {
            Expression vector = call.Vector(0);
            return call.Make(
                vector.Type,
                RowLoops.Of<ReadOnlyMemory<float>, ReadOnlyMemory<float>>(Normalize),
                [vector]);
        });

    private static Expression Similarity(FunctionCall call)
    {
        Metric metric = call.Count < 3 ? Metric.Cosine : MetricOf(call);
        return VectorDistance.Make(
            metric,
            VectorMeasure.Similarity,
            call.Arguments[0],
            call.Arguments[1],
            call.Position);
    }

    private static Metric MetricOf(FunctionCall call)
    {
        if (call.Arguments[2] is not ConstantExpression { Type.Kind: TypeKind.Text } constant)
        {
            throw call.Mismatch(2, "'cosine', 'ip', 'l2' or 'l1' as a literal");
        }

        return constant.Value.AsText().ToLowerInvariant() switch
        {
            "cosine" => Metric.Cosine,
            "ip" or "inner_product" => Metric.InnerProduct,
            "l2" => Metric.L2,
            "l1" => Metric.L1,
            _ => throw call.Mismatch(2, "'cosine', 'ip', 'l2' or 'l1'"),
        };
    }

    /// <summary>The vector over its length; a zero vector stays, as in pgvector.</summary>
    private static ReadOnlyMemory<float> Normalize(ReadOnlyMemory<float> vector)
    {
        double norm = NormOf(vector.Span);
        return norm == 0 ? vector : Scale(vector, 1 / norm);
    }

    /// <summary>The Euclidean length, summed in 64 bits as in pgvector.</summary>
    private static double NormOf(ReadOnlySpan<float> vector)
    {
        double sum = 0;
        foreach (float element in vector)
        {
            sum += (double)element * element;
        }

        return Math.Sqrt(sum);
    }

    private static ReadOnlyMemory<float> Scale(ReadOnlyMemory<float> vector, double factor)
    {
        var scaled = new float[vector.Length];
        ReadOnlySpan<float> elements = vector.Span;
        for (int i = 0; i < scaled.Length; i++)
        {
            scaled[i] = Finite(elements[i] * factor);
        }

        return scaled;
    }

    /// <summary>Elements from a start on, counted from 1, cut to the vector.</summary>
    private static ReadOnlyMemory<float> Subvector(
        ReadOnlyMemory<float> vector, long start, long count)
    {
        long from = Math.Max(start, 1);
        long to = Math.Min(vector.Length, SaturatedSum(start, count) - 1);
        if (to < from)
        {
            throw new NeuroStoreException(
                ErrorCode.DimensionMismatch,
                $"subvector({start}, {count}) takes no element of {vector.Length}.");
        }

        return vector.Slice((int)from - 1, (int)(to - from + 1));
    }

    private static long SaturatedSum(long left, long right) =>
        (long)Int128.Clamp((Int128)left + right, long.MinValue + 1, long.MaxValue);

    private static ReadOnlyMemory<float> Combine(
        ReadOnlySpan<float> left, ReadOnlySpan<float> right, Func<float, float, double> element)
    {
        VectorText.CheckDimension(right.Length, left.Length, default);
        var combined = new float[left.Length];
        for (int i = 0; i < combined.Length; i++)
        {
            combined[i] = Finite(element(left[i], right[i]));
        }

        return combined;
    }
}
