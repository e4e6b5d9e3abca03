using NeuroDb.Gpu;

namespace NeuroDb.Query;

/// <summary>Makes vector distances.</summary>
internal static class VectorDistance
{
    /// <summary>The operators &lt;-&gt; &lt;=&gt; &lt;#&gt; &lt;+&gt;.</summary>
    public static Expression Make(
        BinaryOperator operation, Expression left, Expression right, SourcePosition position)
    {
        Metric metric = operation switch
        {
            BinaryOperator.L2Distance => Metric.L2,
            BinaryOperator.CosineDistance => Metric.Cosine,
            BinaryOperator.NegativeInnerProduct => Metric.InnerProduct,
            _ => Metric.L1,
        };
        return Make(metric, VectorMeasure.Distance, left, right, position);
    }

    /// <summary>A measure of two vectors; literals and text parameters become vectors.</summary>
    public static Expression Make(
        Metric metric,
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
    public static string NameOf(Metric metric) => metric switch
    {
        Metric.L2 => "l2",
        Metric.Cosine => "cosine",
        Metric.InnerProduct => "ip",
        _ => "l1",
    };
}
