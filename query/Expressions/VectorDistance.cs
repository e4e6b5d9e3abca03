namespace NeuroDb.Query;

/// <summary>Makes vector distances and computes one distance.</summary>
internal static class VectorDistance
{
    /// <summary>The operators &lt;-&gt; &lt;=&gt; &lt;#&gt; &lt;+&gt;.</summary>
    public static Expression Make(
        BinaryOperator operation, Expression left, Expression right, SourcePosition position)
    {
        VectorMetric metric = operation switch
        {
            BinaryOperator.L2Distance => VectorMetric.L2,
            BinaryOperator.CosineDistance => VectorMetric.Cosine,
            BinaryOperator.NegativeInnerProduct => VectorMetric.InnerProduct,
            _ => VectorMetric.L1,
        };
        return Make(metric, VectorMeasure.Distance, left, right, position);
    }

    /// <summary>A measure of two vectors; literals and text parameters become vectors.</summary>
    public static Expression Make(
        VectorMetric metric,
        VectorMeasure measure,
        Expression left,
        Expression right,
        SourcePosition position)
    {
        int dimension = Math.Max(
            left.Type.Kind == TypeKind.Vector ? left.Type.Length : 0,
            right.Type.Kind == TypeKind.Vector ? right.Type.Length : 0);
        left = ToVector(left, dimension, position);
        right = ToVector(right, dimension, position);
        OperatorFactory.CheckDimensions(left.Type, right.Type, position);
        return new VectorDistanceExpression(metric, measure, left, right, position);
    }

    /// <summary>An operand as vector; a text takes the dimension of its partner.</summary>
    public static Expression ToVector(
        Expression operand, int dimension, SourcePosition position)
    {
        if (operand.Type.Kind == TypeKind.Vector)
        {
            return operand;
        }

        return Coercion.IsFlexible(operand)
            ? Coercion.To(operand, DataType.VectorOf(dimension), position)
            : throw new NeuroStoreException(
                ErrorCode.TypeMismatch,
                $"A vector is expected, {operand} is {operand.Type}.",
                position);
    }

    /// <summary>The short name of a metric in similarity(v, q, 'name').</summary>
    public static string NameOf(VectorMetric metric) => metric switch
    {
        VectorMetric.L2 => "l2",
        VectorMetric.Cosine => "cosine",
        VectorMetric.InnerProduct => "ip",
        _ => "l1",
    };

    /// <summary>
    /// The distance that ranks by a metric; both spans have the same length. NaN for the cosine
    /// of a zero vector.
    /// </summary>
    public static double Compute(
        VectorMetric metric, ReadOnlySpan<float> left, ReadOnlySpan<float> right) =>
        metric switch
        {
            VectorMetric.L2 => Math.Sqrt(VectorLoops.SquaredEuclidean(left, right)),
            VectorMetric.Cosine => VectorLoops.CosineDistance(left, right),
            VectorMetric.InnerProduct => -VectorLoops.Dot(left, right),
            _ => VectorLoops.Manhattan(left, right),
        };
}
