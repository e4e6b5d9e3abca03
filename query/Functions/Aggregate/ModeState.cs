namespace NeuroDb.Query;

/// <summary>mode: the most frequent value; of several, the first in the order.</summary>
internal sealed class ModeState(DataType type, SortKey order) : CollectingState([type], [order])
{
    /// <inheritdoc/>
    protected override ColumnBuffer Finish(ColumnBuffer[] columns, int[] groups)
    {
        ColumnBuffer values = columns[0];
        ColumnBuilder result = ColumnBuilder.Create(type, GroupCount);
        int next = 0;
        for (int group = 0; group < GroupCount; group++)
        {
            int best = -1;
            int bestCount = 0;
            while (next < groups.Length && groups[next] == group)
            {
                int start = next++;
                while (next < groups.Length && groups[next] == group
                    && !values.IsNull(start) && !values.IsNull(next)
                    && ValueOrder.Compare(values, start, values, next) == 0)
                {
                    next++;
                }

                if (!values.IsNull(start) && next - start > bestCount)
                {
                    (best, bestCount) = (start, next - start);
                }
            }

            result.Append(best < 0 ? Value.Null : values.GetValue(best));
        }

        return result.Build();
    }
}
