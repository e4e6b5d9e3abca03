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
