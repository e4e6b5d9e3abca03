namespace NeuroDb.Query;

/// <summary>
/// percentile_cont, which interpolates between the two nearest values, percentile_disc, which
/// gives the first value that as large a share of the rows reaches, and median. NULLs do not
/// count; the columns are the share and the key of the order.
/// </summary>
internal sealed class PercentileState(DataType type, bool isContinuous, SortKey order)
    : CollectingState([DataType.Double, type], [order])
{
    /// <inheritdoc/>
    protected override ColumnBuffer Finish(ColumnBuffer[] columns, int[] groups)
    {
        ColumnBuilder result = ColumnBuilder.Create(type, GroupCount);
        int next = 0;
        for (int group = 0; group < GroupCount; group++)
        {
            int start = next;
            while (next < groups.Length && groups[next] == group)
            {
                next++;
            }

            result.Append(ValueOf(columns[0], columns[1], start, next));
        }

        return result.Build();
    }

    private Value ValueOf(ColumnBuffer shares, ColumnBuffer keys, int start, int end)
    {
        int first = start;
        while (first < end && keys.IsNull(first))
        {
            first++;
        }

        int last = end;
        while (last > first && keys.IsNull(last - 1))
        {
            last--;
        }

        if (first == last || shares.IsNull(first))
        {
            return Value.Null;
        }

        double share = ((ColumnBuffer<double>)shares).Values[first];
        if (!(share >= 0 && share <= 1))
        {
            throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange, "The share of a percentile is from 0 to 1.");
        }

        int count = last - first;
        if (!isContinuous)
        {
            return keys.GetValue(first + Math.Max(0, (int)Math.Ceiling(share * count) - 1));
        }

        double place = share * (count - 1);
        int below = first + (int)Math.Floor(place);
        int above = first + (int)Math.Ceiling(place);
        ReadOnlySpan<double> values = ((ColumnBuffer<double>)keys).Values;
        double part = place - Math.Floor(place);
        return Value.Of(below == above
            ? values[below]
            : values[below] + ((values[above] - values[below]) * part));
    }
}
