using System.Buffers;

namespace NeuroDb.Query;

/// <summary>Evaluates conditions and expressions at the edges of operators.</summary>
internal static class Conditions
{
    private static readonly RowBatch SingleRow = new([], 1);

    /// <summary>
    /// The rows of a batch for which a condition is true, in order; null if it is true for all.
    /// </summary>
    public static int[]? Rows(Expression condition, RowBatch batch, ExecutionContext context)
    {
        int[] rented = ArrayPool<int>.Shared.Rent(batch.Count);
        int count = PredicateFilter.Filter(
            condition, batch, context, rented.AsSpan(0, batch.Count));
        int[]? rows = count == batch.Count ? null : rented.AsSpan(0, count).ToArray();
        ArrayPool<int>.Shared.Return(rented);
        return rows;
    }

    /// <summary>The value of an expression that reads no row.</summary>
    public static Value ValueOf(Expression expression, ExecutionContext context) =>
        expression switch
        {
            ParameterExpression parameter => context.Parameters[parameter.Ordinal],
            ConstantExpression constant => constant.Value,
            OuterExpression outer => context.OuterValues[outer.Slot],
            _ => expression.Evaluate(SingleRow, context).GetValue(0),
        };

    /// <summary>A count of LIMIT or OFFSET; the default for none, NULL or below zero.</summary>
    public static long CountOf(Expression? expression, long otherwise, ExecutionContext context)
    {
        if (expression is null)
        {
            return otherwise;
        }

        Value value = ValueOf(expression, context);
        return value.IsNull || value.AsInt64() < 0 ? otherwise : value.AsInt64();
    }
}
