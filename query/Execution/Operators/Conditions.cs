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
        ColumnBuffer result = condition.Evaluate(batch, context);
        Invariant.Check(result.Type.Physical == PhysicalKind.Int64);
        Invariant.Check(result.Count == batch.Count);
        ReadOnlySpan<long> values = ((ColumnBuffer<long>)result).Values;
        ReadOnlySpan<byte> nulls = result.Nulls.Bytes(batch.Count);
        int count = 0;
        var rows = new int[values.Length];
        if (nulls.IsEmpty)
        {
            for (int i = 0; i < values.Length; i++)
            {
                rows[count] = i;
                count += values[i] != 0 ? 1 : 0;
            }
        }
        else
        {
            for (int i = 0; i < values.Length; i++)
            {
                rows[count] = i;
                count += values[i] != 0 && nulls[i] == 0 ? 1 : 0;
            }
        }

        if (count == values.Length)
        {
            return null;
        }

        Array.Resize(ref rows, count);
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
