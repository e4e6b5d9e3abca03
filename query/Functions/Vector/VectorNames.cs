using NeuroDb.Gpu;

namespace NeuroDb.Query;

/// <summary>
/// The names that DuckDB, sqlite-vec and others have for distances and functions of vectors. Their
/// arguments may be arrays of numbers.
/// </summary>
internal static class VectorNames
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        .. OfPrefix("array_"),
        .. OfPrefix("list_"),
        Of("cosine_similarity", Metric.Cosine, VectorMeasure.Similarity),
        Of("dot_product", Metric.InnerProduct, VectorMeasure.InnerProduct),
        Of("vec_distance_l2", Metric.L2, VectorMeasure.Distance),
        Of("vec_distance_l1", Metric.L1, VectorMeasure.Distance),
        Of("vec_distance_cosine", Metric.Cosine, VectorMeasure.Distance),
        Of("vec_distance_hamming", Metric.Hamming, VectorMeasure.Distance),
        Cast("vec_f32", DataType.VectorOf(0)),
        Cast("vec_int8", DataType.Int8VectorOf(0)),
        Cast("vec_bit", DataType.BitVectorOf(0)),
        Alias("vec_length", "vector_dims"),
        Alias("vec_normalize", "l2_normalize"),
        Alias("vec_quantize_binary", "binary_quantize"),
        Sum("vec_add", "+"),
        Sum("vec_sub", "-"),
        new("vec_to_json", 1, 1, static call =>
            ExpressionFactory.Cast(call.Vector(0), DataType.Text, call.Position)),
        new("vec_slice", 3, 3, Slice),
    ];

    private static FunctionDefinition[] OfPrefix(string prefix) =>
    [
        Of(prefix + "distance", Metric.L2, VectorMeasure.Distance),
        Of(prefix + "cosine_distance", Metric.Cosine, VectorMeasure.Distance),
        Of(prefix + "cosine_similarity", Metric.Cosine, VectorMeasure.Similarity),
        Of(prefix + "inner_product", Metric.InnerProduct, VectorMeasure.InnerProduct),
        Of(prefix + "dot_product", Metric.InnerProduct, VectorMeasure.InnerProduct),
        Of(prefix + "negative_inner_product", Metric.InnerProduct, VectorMeasure.Distance),
        Of(prefix + "negative_dot_product", Metric.InnerProduct, VectorMeasure.Distance),
    ];

    private static FunctionDefinition Of(string name, Metric metric, VectorMeasure measure) =>
        new(name, 2, 2, call => VectorDistance.Make(
            metric, measure, call.Arguments[0], call.Arguments[1], call.Position));

    private static FunctionDefinition Alias(string name, string target) =>
        new(name, 1, 1, call =>
            ExpressionFactory.Call(target, call.Arguments, call.Position));

    private static FunctionDefinition Cast(string name, DataType type) =>
        new(name, 1, 1, call =>
            ExpressionFactory.Cast(call.Arguments[0], type, call.Position));

    private static FunctionDefinition Sum(string name, string sign) =>
        new(name, 2, 2, call => VectorArithmetic.Bind(call with { Name = sign }));

    // From one place, counted from 0, up to another, which is left out.
    private static Expression Slice(FunctionCall call)
    {
        Expression one = ExpressionFactory.Literal(Value.Of(1L), call.Position);
        return ExpressionFactory.Call(
            "subvector",
            [
                call.Arguments[0],
                OperatorFactory.Binary(
                    BinaryOperator.Add, call.Whole(1), one, call.Position),
                OperatorFactory.Binary(
                    BinaryOperator.Subtract, call.Whole(2), call.Whole(1), call.Position),
            ],
            call.Position);
    }
}
