namespace NeuroDb.Storage;

/// <summary>
/// Finds keys among entries of equal codes by their values, in whose order such entries stand, so
/// that texts with one beginning cost a binary search and not a look at all of them.
/// </summary>
internal static class IndexTies
{
    /// <summary>Fewer entries are looked at one by one by whoever asked.</summary>
    public const int CountMin = 4;

    /// <summary>Narrows entries of the first code of a key to those of the key.</summary>
    /// <param name="keys">The columns of the index.</param>
    /// <param name="rows">The rows of the run.</param>
    /// <param name="run">The run.</param>
    /// <param name="values">The values of the first columns.</param>
    /// <param name="start">The first entry.</param>
    /// <param name="end">The entry behind the last one.</param>
    public static void Narrow(
        IndexKeys keys, IIndexRows rows, IndexRun run, ReadOnlySpan<Value> values, ref int start,
        ref int end)
    {
        for (int column = 0; column < values.Length && end - start >= CountMin; column++)
        {
            ulong code = keys[column].Encode(values[column]);
            (start, end) = run.Narrow(column, code, start, end);
            if (!keys[column].IsExact(code))
            {
                if (column == 0)
                {
                    TakeTies(keys[0], run, values[0], ref start, ref end);
                    if (end - start < CountMin)
                    {
                        break;
                    }
                }

                int from = start;
                start = Bound(keys, rows, run, column, values[column], from, end, 0);
                end = Bound(keys, rows, run, column, values[column], start, end, 1);
            }
        }
    }

    private static void TakeTies(
        IndexColumnCoder coder, IndexRun run, in Value value, ref int start, ref int end)
    {
        if (run.Ties is not { } ties)
        {
            run.NoteTied();
        }
        else if (coder.IsText)
        {
            ties.Narrow(coder, value.AsText(), ref start, ref end);
        }
    }

    // The first entry that is not below the value, or, with a least order of 1, is above it.
    private static int Bound(
        IndexKeys keys, IIndexRows rows, IndexRun run, int column, in Value value, int low,
        int high, int orderMin)
    {
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            int ordinal = run.Ordinals[middle];
            ColumnStore store = rows.Column(
                ordinal / Limits.ChunkRowCount, keys[column].Ordinal);
            if (keys[column].Compare(store, ordinal % Limits.ChunkRowCount, value) >= orderMin)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
