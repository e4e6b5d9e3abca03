namespace NeuroDb.Query;

/// <summary>
/// The rows of the groups of a <see cref="HashAggregate"/>, a batch at a time and copied out of
/// the arrays in which the groups lie.
/// </summary>
internal sealed class GroupOutput
{
    private readonly HashAggregate _plan;
    private readonly int _count;
    private readonly ColumnBuffer[] _keys;
    private readonly AggregateState[] _states;
    private readonly ColumnBuffer[] _firsts;
    private int _next;

    /// <summary>Starts at the first group; no more rows may be taken into them.</summary>
    public GroupOutput(
        HashAggregate plan, GroupTable groups, AggregateState[] states, ColumnBuilder[] firsts)
    {
        _plan = plan;
        _count = groups.Count;
        _keys = groups.ViewKeys();
        _states = states;
        foreach (AggregateState state in states)
        {
            state.EnsureGroups(_count);
        }

        _firsts = [.. firsts.Select(static first => first.Build())];
    }

    /// <summary>The next rows; null at the end.</summary>
    public RowBatch? Next()
    {
        int start = _next;
        int count = Math.Min(Limits.BatchRowCount, _count - start);
        if (count <= 0)
        {
            return null;
        }

        _next += count;
        var columns = new List<ColumnBuffer>(_plan.Output.Count);
        columns.AddRange(_keys.Take(_plan.Keys.Length).Select(key => CopyOf(key, start, count)));
        columns.AddRange(_states.Select(state => state.Finish(start, count)));
        columns.AddRange(_firsts.Select(first => first.Slice(start, count)));
        columns.AddRange(_keys.Skip(_plan.Keys.Length).Select(key => CopyOf(key, start, count)));
        return new RowBatch([.. columns], count);
    }

    private static ColumnBuffer CopyOf(ColumnBuffer column, int start, int count)
    {
        ColumnBuilder builder = ColumnBuilder.Create(column.Type, count);
        builder.AppendRows(column, start, count);
        return builder.Build();
    }
}
