namespace NeuroDb.Query;

/// <summary>
/// The right side of a hash join in memory: its rows, the table of their keys, and the chains of
/// rows with equal keys in the order of the rows. Made once for an execution and read by all its
/// threads. Whoever disposes it reads nothing of it afterwards.
/// </summary>
internal sealed class HashJoinBuild : IDisposable
{
    private const int FilteredRowCountMax = 4_000_000;

    // After so many rows the share of different keys among them says how many there will be.
    private const int LookedAtRowCount = 4 * Limits.ChunkRowCount;

    private readonly LargeArrays _arrays;

    private HashJoinBuild(
        RowBatch rows, GroupTable keys, int[] firsts, int[] followers, LargeArrays arrays)
    {
        Rows = rows;
        Keys = keys;
        Firsts = firsts;
        Followers = followers;
        _arrays = arrays;
    }

    /// <summary>The rows.</summary>
    public RowBatch Rows { get; }

    /// <summary>The keys, each with a number.</summary>
    public GroupTable Keys { get; }

    /// <summary>Whether each row has a key of its own, whose number is that of the row.</summary>
    public bool IsUnique => Firsts.Length == 0;

    /// <summary>
    /// The first row of each key; -1 for a key with NULL, which has no partner. Empty where keys
    /// are unique.
    /// </summary>
    public int[] Firsts { get; }

    /// <summary>The next row with the same key; -1 after the last one.</summary>
    public int[] Followers { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Keys.Release();
        _arrays.Return(Firsts);
        _arrays.Return(Followers);
        Array.ForEach(Rows.Columns, static column => column.Release());
    }

    /// <summary>
    /// Reads the right side. Where the left side is expected to be much smaller and the kind of
    /// join allows it, the left side is read first, and its keys thin out the scans of the right
    /// side; otherwise the keys of the right side thin out those of the left side.
    /// </summary>
    /// <param name="join">The join.</param>
    /// <param name="context">The execution.</param>
    /// <param name="left">The rows of the left side, if they were read.</param>
    /// <param name="tooMany">
    /// The rows of the right side where they do not fit the memory of an operator; the result is
    /// null then.
    /// </param>
    public static HashJoinBuild? Start(
        HashJoin join,
        ExecutionContext context,
        out RowBatch? left,
        out BatchCursor? tooMany)
    {
        tooMany = null;
        left = null;
        if (join.ReadsLeftFirst)
        {
            left = RowStore.Materialize(join.Shape.Left, context);
            ColumnBuffer[] leftKeys = Evaluate(join.LeftKeys, left, context);
            SetFilters(join, join.RightTargets, leftKeys, left.Count, context);
        }

        RowBatch? rows;
        PlanNode right = join.Shape.Right;
        bool isOneThread = left is { Count: 0 } || RowSizes.MayExceed(right, context);
        Pipeline? pipeline = isOneThread ? null : right.Parallelize(context);
        if (left is { Count: 0 })
        {
            rows = new RowStore(join.Shape.Right.Output.Select(column => column.Type)).Build();
        }
        else
        {
            rows = RowStore.TryMaterialize(right, pipeline, context, context.Arrays);
            if (rows is null)
            {
                (rows, tooMany) = Read(join, right.Open(context), context, canSpill: true);
            }
        }

        if (rows is null)
        {
            SetFilters(join, left is null ? join.LeftTargets : [], [], 0, context);
            return null;
        }

        ColumnBuffer[] keys = Evaluate(join.RightKeys, rows, context);
        HashJoinBuild build = Index(join, rows, keys, context);
        if (left is null)
        {
            SetFilters(join, join.LeftTargets, keys, rows.Count, context);
        }

        return build;
    }

    /// <summary>
    /// Reads rows of the right side; where they are too many, gives what gives them again.
    /// </summary>
    public static (RowBatch? Rows, BatchCursor? TooMany) Read(
        HashJoin join, BatchCursor right, ExecutionContext context, bool canSpill)
    {
        var batches = new List<RowBatch>();
        long size = 0;
        while (right.Next() is { } batch)
        {
            context.ThrowIfCancelled();
            batches.Add(batch.Settle());
            size += RowSizes.Of(batch);
            if (context.Spill is null || !canSpill)
            {
                context.CheckKept(size, join);
            }
            else if (size > context.OperatorMemoryBytes)
            {
                return (null, new ChainedCursor(batches, right));
            }
        }

        right.Dispose();
        var store = new RowStore(join.Shape.Right.Output.Select(column => column.Type));
        batches.ForEach(store.Add);
        return (store.Build(context, arrays: context.Arrays), null);
    }

    /// <summary>The table of rows of the right side.</summary>
    public static HashJoinBuild Index(HashJoin join, RowBatch rows, ExecutionContext context) =>
        Index(join, rows, Evaluate(join.RightKeys, rows, context), context);

    /// <summary>The keys of some rows.</summary>
    public static ColumnBuffer[] Evaluate(
        Expression[] keys, RowBatch batch, ExecutionContext context)
    {
        var columns = new ColumnBuffer[keys.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = keys[i].Evaluate(batch, context);
        }

        return columns;
    }

    private static HashJoinBuild Index(
        HashJoin join, RowBatch rows, ColumnBuffer[] keys, ExecutionContext context)
    {
        var table = new GroupTable(
            join.RightKeys.Select(key => key.Type), context.Arrays, givesKeys: false);
        int[] groups = context.Arrays.Rent<int>(rows.Count, isCleared: false);
        for (int start = 0; start < rows.Count; start += Limits.ChunkRowCount)
        {
            context.ThrowIfCancelled();
            int count = Math.Min(Limits.ChunkRowCount, rows.Count - start);
            var piece = new ColumnBuffer[keys.Length];
            for (int i = 0; i < piece.Length; i++)
            {
                piece[i] = keys[i].Slice(start, count);
            }

            table.FindOrAdd(piece, count, groups.AsSpan(start, count));
            if (start + count == LookedAtRowCount)
            {
                table.Reserve((long)table.Count * rows.Count / LookedAtRowCount);
            }
        }

        bool mayHaveNulls = Array.Exists(keys, static key => key.Nulls.MayHaveNulls);
        HashJoinBuild build = table.Count == rows.Count && !mayHaveNulls
            ? new HashJoinBuild(rows, table, [], [], context.Arrays)
            : Chain(rows, table, groups, mayHaveNulls ? keys : [], context.Arrays);
        context.Arrays.Return(groups);
        return build;
    }

    private static HashJoinBuild Chain(
        RowBatch rows, GroupTable table, int[] groups, ColumnBuffer[] keys, LargeArrays arrays)
    {
        int[] firsts = arrays.Rent<int>(table.Count, isCleared: false);
        firsts.AsSpan(0, table.Count).Fill(-1);
        int[] followers = arrays.Rent<int>(rows.Count, isCleared: false);
        for (int row = rows.Count - 1; row >= 0; row--)
        {
            if (!HasNull(keys, row))
            {
                followers[row] = firsts[groups[row]];
                firsts[groups[row]] = row;
            }
        }

        return new HashJoinBuild(rows, table, firsts, followers, arrays);
    }

    private static bool HasNull(ColumnBuffer[] keys, int row)
    {
        foreach (ColumnBuffer key in keys)
        {
            if (key.IsNull(row))
            {
                return true;
            }
        }

        return false;
    }

    private static void SetFilters(
        HashJoin join,
        KeyFilterTarget[] targets,
        ColumnBuffer[] keys,
        int rowCount,
        ExecutionContext context)
    {
        foreach (KeyFilterTarget target in targets)
        {
            KeyFilter? filter = keys.Length > 0 && rowCount <= FilteredRowCountMax
                ? KeyFilter.Of((ColumnBuffer<long>)keys[target.Key])
                : null;
            context.State.Get<ScanFilters>(target.Scan)
                .Set(join, target.Key, target.Column, filter);
        }
    }
}
