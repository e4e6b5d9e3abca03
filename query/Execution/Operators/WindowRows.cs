namespace NeuroDb.Query;

/// <summary>
/// All rows of a window operator, sorted by partition and order, and where the partition and the
/// group of equal rows of each row begin and end.
/// </summary>
internal sealed class WindowRows
{
    private WindowRows(RowBatch batch)
    {
        Batch = batch;
        PartitionStart = new int[batch.Count];
        PartitionEnd = new int[batch.Count];
        PeerStart = new int[batch.Count];
        PeerEnd = new int[batch.Count];
    }

    /// <summary>The rows.</summary>
    public RowBatch Batch { get; }

    /// <summary>How many rows.</summary>
    public int Count => Batch.Count;

    /// <summary>For each row, the first row of its partition.</summary>
    public int[] PartitionStart { get; }

    /// <summary>For each row, the row after the last of its partition.</summary>
    public int[] PartitionEnd { get; }

    /// <summary>For each row, the first row that equals it in the order.</summary>
    public int[] PeerStart { get; }

    /// <summary>For each row, the row after the last that equals it in the order.</summary>
    public int[] PeerEnd { get; }

    /// <summary>
    /// Sorts rows. Partitions come in the order in which they are first seen; equal rows keep
    /// their order. O(n log n).
    /// </summary>
    public static WindowRows Sort(
        RowBatch batch, Expression[] partition, RowOrder order, ExecutionContext context)
    {
        var groups = new int[batch.Count];
        if (partition.Length > 0)
        {
            var table = new GroupTable(partition.Select(key => key.Type));
            ColumnBuffer[] keys =
                [.. partition.Select(key => key.Evaluate(batch, context))];
            table.FindOrAdd(keys, batch.Count, groups);
        }

        context.ThrowIfCancelled();
        ColumnBuffer[] columns = order.Evaluate(batch, context);
        int[] rows = ByPartition(groups);
        SortPartitions(rows, groups, order, columns, context);
        var result = new WindowRows(batch.Gather(rows));
        int[] sortedGroups = [.. rows.Select(row => groups[row])];
        ColumnBuffer[] sortedKeys = [.. columns.Select(column => column.Gather(rows))];
        context.ThrowIfCancelled();
        result.FindBounds(sortedGroups, order, sortedKeys);
        return result;
    }

    private static int[] ByPartition(int[] groups)
    {
        int[] next = new int[groups.Length + 1];
        foreach (int group in groups)
        {
            next[group + 1]++;
        }

        for (int i = 1; i < next.Length; i++)
        {
            next[i] += next[i - 1];
        }

        var rows = new int[groups.Length];
        for (int row = 0; row < groups.Length; row++)
        {
            rows[next[groups[row]]++] = row;
        }

        return rows;
    }

    private static void SortPartitions(
        int[] rows,
        int[] groups,
        RowOrder order,
        ColumnBuffer[] columns,
        ExecutionContext context)
    {
        if (order.Keys.Count == 0)
        {
            return;
        }

        Comparison<int> comparison =
            (left, right) => order.Compare(columns, left, columns, right);
        for (int start = 0; start < rows.Length;)
        {
            int end = start + 1;
            while (end < rows.Length && groups[rows[end]] == groups[rows[start]])
            {
                end++;
            }

            CheckedSort.Sort(
                rows.AsSpan(start, end - start), comparison, context.ThrowIfCancelled);
            start = end;
        }
    }

    private void FindBounds(int[] groups, RowOrder order, ColumnBuffer[] keys)
    {
        int partition = 0;
        int peer = 0;
        for (int row = 1; row <= Count; row++)
        {
            bool isNewPartition = row == Count || groups[row] != groups[row - 1];
            bool isNewPeer = isNewPartition
                || order.Compare(keys, row, keys, row - 1) != 0;
            if (isNewPeer)
            {
                PeerStart.AsSpan(peer, row - peer).Fill(peer);
                PeerEnd.AsSpan(peer, row - peer).Fill(row);
                peer = row;
            }

            if (isNewPartition)
            {
                PartitionStart.AsSpan(partition, row - partition).Fill(partition);
                PartitionEnd.AsSpan(partition, row - partition).Fill(row);
                partition = row;
            }
        }
    }
}
