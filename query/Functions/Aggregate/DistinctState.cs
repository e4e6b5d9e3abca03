namespace NeuroDb.Query;

/// <summary>Passes on only the first row of each value in each group.</summary>
internal sealed class DistinctState(
    AggregateState inner, DataType type, int ordinal, bool keepsNull)
    : AggregateState
{
    private GroupTable? _seen;

    /// <inheritdoc/>
    public override void Update(ColumnBuffer[] arguments, ReadOnlySpan<int> groupOfRow)
    {
        var group = new long[groupOfRow.Length];
        for (int i = 0; i < group.Length; i++)
        {
            group[i] = groupOfRow[i];
        }

        _seen ??= new GroupTable([DataType.BigInt, type], Arrays);
        int next = _seen.Count;
        var pairs = new int[group.Length];
        _seen.FindOrAdd(
            [new ColumnBuffer<long>(DataType.BigInt, group), arguments[ordinal]],
            pairs.Length,
            pairs);
        var rows = new int[pairs.Length];
        var groups = new int[pairs.Length];
        int count = 0;
        for (int i = 0; i < pairs.Length; i++)
        {
            if (pairs[i] != next)
            {
                continue;
            }

            next++;
            if (keepsNull || !arguments[ordinal].IsNull(i))
            {
                rows[count] = i;
                groups[count++] = groupOfRow[i];
            }
        }

        var kept = new ColumnBuffer[arguments.Length];
        for (int i = 0; i < kept.Length; i++)
        {
            kept[i] = arguments[i].Gather(rows.AsSpan(0, count));
        }

        Hold(RowSizes.About(new RowBatch(kept, count))
            + (32L * count));
        inner.Update(kept, groups.AsSpan(0, count));
    }

    /// <inheritdoc/>
    public override void Merge(int group, AggregateState source, int sourceGroup)
    {
        var groups = new int[source.GroupCount];
        groups.AsSpan().Fill(-1);
        groups[sourceGroup] = group;
        MergeAll(source, groups);
    }

    /// <summary>
    /// Takes all groups of another state, each into the group named for it; a group named -1 is
    /// left out. Only of aggregates with one argument, which is the value.
    /// </summary>
    public override void MergeAll(AggregateState source, ReadOnlySpan<int> groups)
    {
        if (((DistinctState)source)._seen is not { } seen)
        {
            return;
        }

        ColumnBuffer[] pairs = seen.ViewKeys();
        var rows = new int[Limits.BatchRowCount];
        var into = new int[Limits.BatchRowCount];
        ReadOnlySpan<long> known = ((ColumnBuffer<long>)pairs[0]).Values;
        for (int pair = 0; pair < known.Length;)
        {
            Execution?.ThrowIfCancelled();
            int count = 0;
            for (; pair < known.Length && count < rows.Length; pair++)
            {
                rows[count] = pair;
                into[count] = groups[(int)known[pair]];
                count += into[count] >= 0 ? 1 : 0;
            }

            Update([pairs[1].Gather(rows.AsSpan(0, count))], into.AsSpan(0, count));
        }
    }

    /// <inheritdoc/>
    public override ColumnBuffer Finish() => inner.Finish();

    /// <inheritdoc/>
    public override void Release()
    {
        _seen?.Release();
        _seen = null;
    }

    /// <inheritdoc/>
    protected override void Grow(int count) => inner.EnsureGroups(count);
}
