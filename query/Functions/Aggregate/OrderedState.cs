namespace NeuroDb.Query;

/// <summary>An aggregate with ORDER BY: hands its rows on in that order.</summary>
internal sealed class OrderedState(
    AggregateState inner, IReadOnlyList<DataType> types, IReadOnlyList<SortKey> order)
    : CollectingState(types, order)
{
    /// <inheritdoc/>
    protected override ColumnBuffer Finish(ColumnBuffer[] columns, int[] groups)
    {
        inner.Execution = Execution;
        inner.EnsureGroups(GroupCount);
        if (groups.Length > 0)
        {
            inner.Update(columns[..ArgumentCount], groups);
        }

        return inner.Finish();
    }
}
