namespace NeuroDb;

/// <summary>Some rows as columns of equal length: what operators hand to each other.</summary>
internal sealed class RowBatch
{
    /// <summary>Makes a batch; all columns must have that many values.</summary>
    public RowBatch(ColumnBuffer[] columns, int count)
    {
        foreach (ColumnBuffer column in columns)
        {
            Invariant.Check(column.Count == count);
        }

        Columns = columns;
        Count = count;
    }

    /// <summary>The columns.</summary>
    public ColumnBuffer[] Columns { get; }

    /// <summary>How many rows; may be positive even without columns.</summary>
    public int Count { get; }

    /// <summary>Whether some values may be large.</summary>
    public bool HasLarge
    {
        get
        {
            bool isThere = false;
            foreach (ColumnBuffer column in Columns)
            {
                isThere |= column.LargeSource is not null;
            }

            return isThere;
        }
    }

    /// <summary>
    /// How many rows from one on have large values of so many bytes together; one at least.
    /// </summary>
    public int RunWithin(int start, long sizeBytesMax)
    {
        int count = 0;
        long size = 0;
        while (start + count < Count)
        {
            foreach (ColumnBuffer column in Columns)
            {
                size += column.LargeSizeBytes(start + count, 1);
            }

            if (count > 0 && size > sizeBytesMax)
            {
                break;
            }

            count++;
        }

        return count;
    }

    /// <summary>The batch of some rows, in that order.</summary>
    public RowBatch Gather(ReadOnlySpan<int> rows)
    {
        var gathered = new ColumnBuffer[Columns.Length];
        for (int i = 0; i < gathered.Length; i++)
        {
            gathered[i] = Columns[i].Gather(rows);
        }

        return new RowBatch(gathered, rows.Length);
    }

    /// <summary>The same rows without what they were selected from, for who keeps them.</summary>
    public RowBatch Settle()
    {
        ColumnBuffer[]? settled = null;
        for (int i = 0; i < Columns.Length; i++)
        {
            ColumnBuffer column = Columns[i].Settle();
            if (!ReferenceEquals(column, Columns[i]))
            {
                settled ??= [.. Columns];
                settled[i] = column;
            }
        }

        return settled is null ? this : new RowBatch(settled, Count);
    }

    /// <summary>A view of consecutive rows.</summary>
    public RowBatch Slice(int start, int count)
    {
        var sliced = new ColumnBuffer[Columns.Length];
        for (int i = 0; i < sliced.Length; i++)
        {
            sliced[i] = Columns[i].Slice(start, count);
        }

        return new RowBatch(sliced, count);
    }
}
