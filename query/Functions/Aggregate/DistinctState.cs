namespace NeuroDb.Query;

/// <summary>Passes on only the first row of each value in each group.</summary>
internal sealed class DistinctState(AggregateState inner, DataType type) : AggregateState
{
    private ValueSet?[] _seen = [];

    /// <inheritdoc/>
    public override void Update(ColumnBuffer[] arguments, ReadOnlySpan<int> groupOfRow)
    {
        var rows = new int[groupOfRow.Length];
        var groups = new int[groupOfRow.Length];
        int count = 0;
        for (int i = 0; i < groupOfRow.Length; i++)
        {
            int group = groupOfRow[i];
            ValueSet seen = _seen[group] ??= ValueSet.Create(type);
            if (seen.Add(arguments[0], i))
            {
                rows[count] = i;
                groups[count++] = group;
            }
        }

        var kept = new ColumnBuffer[arguments.Length];
        for (int i = 0; i < kept.Length; i++)
        {
            kept[i] = arguments[i].Gather(rows.AsSpan(0, count));
        }

        inner.Update(kept, groups.AsSpan(0, count));
    }

    /// <inheritdoc/>
    public override void Merge(int group, AggregateState source, int sourceGroup) =>
        throw Invariant.Broken("an aggregate of distinct values has one state");

    /// <inheritdoc/>
    public override ColumnBuffer Finish() => inner.Finish();

    /// <inheritdoc/>
    protected override void Grow(int count)
    {
        Resize(ref _seen, count);
        inner.EnsureGroups(count);
    }
}
