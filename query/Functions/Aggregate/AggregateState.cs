namespace NeuroDb.Query;

/// <summary>
/// The running values of one aggregate for all groups of one execution, in arrays by group.
/// Not safe for several threads.
/// </summary>
internal abstract class AggregateState
{
    // Groups merged between two looks for cancellation.
    private const int LookedAtCount = 1 << 14;

    private ColumnBuffer? _results;

    /// <summary>How many groups there are.</summary>
    public int GroupCount { get; private set; }

    /// <summary>
    /// The bytes of rows and of large results that it holds, beyond some numbers for each group.
    /// </summary>
    public long HeldBytes { get; private set; }

    /// <summary>Where large arrays come from; set before there are groups.</summary>
    public LargeArrays Arrays { get; set; } = LargeArrays.None;

    /// <summary>The execution, for cancellation; null before the first row.</summary>
    public ExecutionContext? Execution { get; set; }

    /// <summary>Makes sure that groups 0 to count - 1 exist; new ones have seen no row.</summary>
    public void EnsureGroups(int count)
    {
        if (count > GroupCount)
        {
            Grow(count);
            GroupCount = count;
        }
    }

    /// <summary>Takes rows, each into its group; the groups exist.</summary>
    /// <param name="arguments">The argument columns, a value for each row.</param>
    /// <param name="groupOfRow">The group of each row.</param>
    public abstract void Update(ColumnBuffer[] arguments, ReadOnlySpan<int> groupOfRow);

    /// <summary>Takes rows that all belong to group 0, which exists.</summary>
    public virtual void UpdateAll(ColumnBuffer[] arguments, int rowCount) =>
        Update(arguments, new int[rowCount]);

    /// <summary>
    /// Takes all rows of a group of another state of the same kind into a group of this one, as
    /// if they came after its own; the other is not changed.
    /// </summary>
    public abstract void Merge(int group, AggregateState source, int sourceGroup);

    /// <summary>Takes all groups of another state, each into the group named for it.</summary>
    public virtual void MergeAll(AggregateState source, ReadOnlySpan<int> groups)
    {
        for (int i = 0; i < groups.Length; i++)
        {
            if (i % LookedAtCount == 0)
            {
                Execution?.ThrowIfCancelled();
            }

            Merge(groups[i], source, i);
        }
    }

    /// <summary>
    /// The results, one for each group; they may lie in arrays of the state.
    /// </summary>
    public abstract ColumnBuffer Finish();

    /// <summary>
    /// The results of consecutive groups, which stay when the state is released; no rows may be
    /// taken afterwards.
    /// </summary>
    public virtual ColumnBuffer Finish(int start, int count)
    {
        _results ??= Finish();
        return _results.Slice(start, count);
    }

    /// <summary>
    /// Gives arrays back, where that is worth it; nothing may be asked of the state afterwards.
    /// </summary>
    public virtual void Release()
    {
    }

    /// <summary>
    /// Counts bytes that are kept of rows, and ends the statement where they are too many: no
    /// state can be put on disk.
    /// </summary>
    protected void Hold(long sizeBytes)
    {
        HeldBytes += sizeBytes;
        Execution?.CheckKept(HeldBytes, "an aggregate that keeps its rows");
    }

    /// <summary>Enlarges the arrays; new elements are zero.</summary>
    protected abstract void Grow(int count);

    /// <summary>Enlarges an array by doubling, so that growing one by one stays linear.</summary>
    protected void Resize<T>(ref T[] array, int count)
    {
        if (count > array.Length)
        {
            Arrays.Resize(ref array, Math.Max(count, array.Length * 2));
        }
    }

    /// <summary>Gives one of the enlarged arrays back.</summary>
    protected void Release<T>(ref T[] array)
    {
        Arrays.Return(array);
        array = [];
    }
}
