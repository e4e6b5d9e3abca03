namespace NeuroDb.Query;

/// <summary>The values of keys of single rows, and which of them are the same.</summary>
internal sealed class KeyValues : IEqualityComparer<Value[]>
{
    /// <summary>The one comparer.</summary>
    public static KeyValues Comparer { get; } = new();

    /// <summary>Whether two values are the same; NULL is the same as NULL.</summary>
    public static bool AreSame(Value left, Value right)
    {
        if (left.IsNull || right.IsNull)
        {
            return left.IsNull && right.IsNull;
        }

        if (left.Kind != right.Kind && DataType.FromParts(left.Kind, 0, 0).IsVector)
        {
            return false;
        }

        PhysicalKind kind = DataType.FromParts(left.Kind, 0, 0).Physical;
        return ValueOrder.Compare(kind, left, right) == 0;
    }

    /// <summary>The values of some columns of a row; null if one of them is NULL.</summary>
    public static Value[]? Of(RowBatch rows, int[] ordinals, int row)
    {
        var values = new Value[ordinals.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = rows.Columns[ordinals[i]].GetValue(row);
            if (values[i].IsNull)
            {
                return null;
            }
        }

        return values;
    }

    /// <summary>Whether any of some columns of a row has changed.</summary>
    public static bool Differ(RowBatch old, RowBatch @new, int[] ordinals, int row) =>
        Array.Exists(ordinals, i => !AreSame(
            old.Columns[i].GetValue(row), @new.Columns[i].GetValue(row)));

    /// <inheritdoc/>
    public bool Equals(Value[]? x, Value[]? y)
    {
        Invariant.Check(x is not null && y is not null && x.Length == y.Length);
        for (int i = 0; i < x.Length; i++)
        {
            if (!AreSame(x[i], y[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public int GetHashCode(Value[] obj)
    {
        var hash = new HashCode();
        foreach (Value value in obj)
        {
            hash.Add(ValueText.Format(value), StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }
}
