using NeuroDb.Gpu;

namespace NeuroDb.Query;

/// <summary>Makes vector distances.</summary>
internal static class VectorDistance
{
    /// <summary>The distance that an operator stands for.</summary>
    public static Expression Make(
        BinaryOperator operation, Expression left, Expression right, SourcePosition position)
    {
        Metric metric = operation switch
        {
            BinaryOperator.L2Distance => Metric.L2,
            BinaryOperator.CosineDistance => Metric.Cosine,
            BinaryOperator.NegativeInnerProduct => Metric.InnerProduct,
            BinaryOperator.HammingDistance => Metric.Hamming,
            BinaryOperator.JaccardDistance => Metric.Jaccard,
            _ => Metric.L1,
        };
        return Make(metric, VectorMeasure.Distance, left, right, position);
    }

    /// <summary>
    /// A measure of two vectors: of bits by Hamming and Jaccard, of numbers by the others. Literals
    /// and text parameters become vectors.
    /// </summary>
    public static Expression Make(
        Metric metric,
        VectorMeasure measure,
        Expression left,
        Expression right,
        SourcePosition position)
    {
        int dimension = Math.Max(
            left.Type.IsVector ? left.Type.Length : 0,
            right.Type.IsVector ? right.Type.Length : 0);
        bool isOfBits = metric is Metric.Hamming or Metric.Jaccard;
        left = isOfBits ? ToBits(left, dimension, position) : ToAny(left, dimension, position);
        right = isOfBits ? ToBits(right, dimension, position) : ToAny(right, dimension, position);
        OperatorFactory.CheckDimensions(left.Type, right.Type, position);
        return new VectorDistanceExpression(metric, measure, left, right, position);
    }

    /// <summary>
    /// An operand as VECTOR; a text takes the dimension of its partner, and HALFVEC and INT8VEC
    /// become the numbers that they hold.
    /// </summary>
    public static Expression ToVector(
        Expression operand, int dimension, SourcePosition position)
    {
        operand = ToAny(operand, dimension, position);
        return Coercion.To(operand, DataType.VectorOf(operand.Type.Length), position);
    }

    /// <summary>An operand as BITVEC: one, a BIT, a text, or the bytes of one.</summary>
    public static Expression ToBits(
        Expression operand, int dimension, SourcePosition position) => operand.Type.Kind switch
        {
            TypeKind.BitVector => operand,
            TypeKind.Blob => Coercion.To(operand, DataType.BitVectorOf(dimension), position),
            TypeKind.BitString => ExpressionFactory.Cast(
                operand, DataType.BitVectorOf(dimension), position),
            _ when Coercion.IsFlexible(operand) =>
                Coercion.To(operand, DataType.BitVectorOf(dimension), position),
            _ => throw Mismatch(operand, "A BITVEC", position),
        };

    /// <summary>The short name of a metric in similarity(v, q, 'name').</summary>
    public static string NameOf(Metric metric) => metric switch
    {
        Metric.L2 => "l2",
        Metric.Cosine => "cosine",
        Metric.InnerProduct => "ip",
        Metric.Hamming => "hamming",
        Metric.Jaccard => "jaccard",
        _ => "l1",
    };

    private static Expression ToAny(
        Expression operand, int dimension, SourcePosition position)
    {
        if (operand.Type.IsNumberVector)
        {
            return operand;
        }

        if (operand.Type.ElementType.IsNumeric)
        {
            return ExpressionFactory.Cast(operand, DataType.VectorOf(dimension), position);
        }

        return Coercion.IsFlexible(operand)
            ? Coercion.To(operand, DataType.VectorOf(dimension), position)
            : throw Mismatch(operand, "A vector of numbers", position);
    }

    private static NeuroStoreException Mismatch(
        Expression operand, string expected, SourcePosition position) => new(
            ErrorCode.TypeMismatch,
            $"{expected} is expected, {operand} is {operand.Type}.",
            position);
}
