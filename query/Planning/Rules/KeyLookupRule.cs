namespace NeuroDb.Query;

/// <summary>
/// Turns "all columns of a primary or unique key equal values that are known without a row", and
/// "the only column of a key is in a list of such values", into a lookup in the key's index.
/// </summary>
internal static class KeyLookupRule
{
    /// <summary>The plan with such conditions replaced.</summary>
    public static LogicalNode Apply(LogicalNode plan) =>
        plan.Rewrite(node => node is LogicalFilter { Input: LogicalScan scan } filter
            ? Find(scan, filter.Condition) ?? node
            : node);

    /// <summary>
    /// The most rows that satisfy a condition, as far as keys say; infinity where none does.
    /// </summary>
    public static double RowCountMax(LogicalScan scan, Expression condition)
    {
        LogicalNode? found = Find(scan, condition);
        return (found is LogicalFilter filter ? filter.Input : found) is LogicalKeyLookup lookup
            ? lookup.Keys.Length
            : double.PositiveInfinity;
    }

    private static LogicalNode? Find(LogicalScan scan, Expression condition)
    {
        var parts = new List<Expression>();
        Conjuncts.Split(condition, parts);
        IReadOnlyList<KeySchema> keys = scan.Table.Schema.Keys;
        for (int i = 0; i < keys.Count; i++)
        {
            if (FindEqual(scan, keys[i], i, parts) is { } found)
            {
                return found;
            }
        }

        for (int i = 0; i < keys.Count; i++)
        {
            if (keys[i].Ordinals.Length == 1 && FindList(scan, keys[i], i, parts) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static LogicalNode? FindEqual(
        LogicalScan scan, KeySchema key, int keyOrdinal, List<Expression> parts)
    {
        var values = new Expression[key.Ordinals.Length];
        var rest = new List<Expression>(parts);
        for (int i = 0; i < values.Length; i++)
        {
            bool found = false;
            for (int j = 0; j < rest.Count && !found; j++)
            {
                if (TryEqual(rest[j], scan, key.Ordinals[i], out Expression? value))
                {
                    values[i] = value;
                    rest.RemoveAt(j);
                    found = true;
                }
            }

            if (!found)
            {
                return null;
            }
        }

        return Conjuncts.Filter(new LogicalKeyLookup(scan, keyOrdinal, [values]), rest);
    }

    private static LogicalNode? FindList(
        LogicalScan scan, KeySchema key, int keyOrdinal, List<Expression> parts)
    {
        for (int j = 0; j < parts.Count; j++)
        {
            if (parts[j] is InListExpression list
                && IsKeyColumn(list.Children[0], scan, key.Ordinals[0])
                && list.Children.Skip(1).All(item => IsKnown(item, list.Children[0])))
            {
                Expression[][] keys =
                    [.. list.Children.Skip(1).Select(item => new[] { item })];
                List<Expression> rest = [.. parts];
                rest.RemoveAt(j);
                return Conjuncts.Filter(new LogicalKeyLookup(scan, keyOrdinal, keys), rest);
            }
        }

        return null;
    }

    private static bool TryEqual(
        Expression part,
        LogicalScan scan,
        int ordinal,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Expression? value)
    {
        value = null;
        if (part is not ComparisonExpression { Operator: BinaryOperator.Equal } equal)
        {
            return false;
        }

        Expression left = equal.Children[0];
        Expression right = equal.Children[1];
        if (IsKeyColumn(left, scan, ordinal) && IsKnown(right, left))
        {
            value = right;
        }
        else if (IsKeyColumn(right, scan, ordinal) && IsKnown(left, right))
        {
            value = left;
        }

        return value is not null;
    }

    private static bool IsKeyColumn(Expression expression, LogicalScan scan, int ordinal) =>
        IndexMatch.IsColumn(expression, scan, ordinal);

    private static bool IsKnown(Expression value, Expression column) =>
        value.IsRowIndependent
        && value.Type.Physical == column.Type.Physical
        && !value.Any(part => part is SubqueryExpression);
}
