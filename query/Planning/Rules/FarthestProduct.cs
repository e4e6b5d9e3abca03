using NeuroDb.Gpu;

namespace NeuroDb.Query;

/// <summary>
/// The farthest rows by an inner product are the nearest ones to the opposite vector, whose inner
/// products are the same numbers with the other sign: kernels and indexes find them as such.
/// </summary>
internal static class FarthestProduct
{
    /// <summary>
    /// The same order by the opposite vector, nearest first, whose value is that of the item; null
    /// if the item asks for no farthest rows by an inner product.
    /// </summary>
    public static SortKey? TryTurn(SortKey key)
    {
        if (key.Expression is not VectorDistanceExpression { Metric: Metric.InnerProduct } product
            || product.Left.Type.Kind != TypeKind.Vector
            || product.Right.Type.Kind != TypeKind.Vector
            || RankKey.TryFind(key) is not null)
        {
            return null;
        }

        bool isLeft = product.Left.IsRowIndependent;
        Expression query = isLeft ? product.Left : product.Right;
        if (!query.IsRowIndependent)
        {
            return null;
        }

        Expression opposite = OppositeVectorExpression.Of(query);
        return key with
        {
            Expression = new VectorDistanceExpression(
                Metric.InnerProduct,
                product.Measure == VectorMeasure.Distance
                    ? VectorMeasure.InnerProduct
                    : VectorMeasure.Distance,
                isLeft ? opposite : product.Left,
                isLeft ? product.Right : opposite,
                default),
        };
    }
}
