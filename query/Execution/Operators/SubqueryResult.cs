namespace NeuroDb.Query;

/// <summary>What one run of a subquery gave: one value, or the set of all values for IN.</summary>
internal sealed class SubqueryResult
{
    private readonly GroupTable? _set;
    private readonly int[] _group = new int[1];
    private bool _hasNull;

    private SubqueryResult(Value value, GroupTable? set)
    {
        Value = value;
        _set = set;
    }

    /// <summary>The value of a scalar subquery or EXISTS.</summary>
    public Value Value { get; }

    /// <summary>The result that is one value.</summary>
    public static SubqueryResult OfValue(Value value) => new(value, null);

    /// <summary>The result that is the set of the values of the first column.</summary>
    public static SubqueryResult OfSet(
        DataType type, BatchCursor cursor, ExecutionContext context, PlanNode plan)
    {
        long size = 0;
        var result = new SubqueryResult(Value.Null, new GroupTable([type]));
        while (cursor.Next() is { } batch)
        {
            ColumnBuffer column = batch.Columns[0];
            int known = result._set!.Count;
            result._set.FindOrAdd([column], batch.Count, new int[batch.Count]);
            size += RowSizes.About(batch) * (result._set.Count - known)
                / Math.Max(1, batch.Count);
            context.CheckKept(size + result._set.SlotSizeBytes, plan);
            for (int row = 0; row < batch.Count && !result._hasNull; row++)
            {
                result._hasNull = column.IsNull(row);
            }
        }

        return result;
    }

    /// <summary>For each row of a column what <see cref="Contains"/> gives.</summary>
    public ColumnBuffer<long> ContainsAll(ColumnBuffer wanted, DataType type)
    {
        Invariant.Check(_set is not null);
        var truth = new long[wanted.Count];
        if (_set.Count == 0)
        {
            return new ColumnBuffer<long>(type, truth);
        }

        var groups = new int[wanted.Count];
        var nulls = new byte[wanted.Count];
        _set.Find([wanted], groups.Length, groups, new GroupProbe());
        for (int row = 0; row < groups.Length; row++)
        {
            bool isNull = wanted.IsNull(row);
            truth[row] = !isNull && groups[row] >= 0 ? 1 : 0;
            nulls[row] = isNull || (groups[row] < 0 && _hasNull) ? (byte)1 : (byte)0;
        }

        return new ColumnBuffer<long>(type, truth, 0, truth.Length, new NullMask(nulls));
    }

    /// <summary>
    /// Whether a value is in the set: of an empty set never; unknown for NULL, and where it is
    /// not found but a NULL is in the set.
    /// </summary>
    public Value Contains(ColumnBuffer wanted, int row)
    {
        Invariant.Check(_set is not null);
        if (_set.Count == 0)
        {
            return Value.Of(false);
        }

        if (wanted.IsNull(row))
        {
            return Value.Null;
        }

        _set.Find([wanted.Slice(row, 1)], 1, _group);
        return _group[0] >= 0 ? Value.Of(true) : _hasNull ? Value.Null : Value.Of(false);
    }
}
