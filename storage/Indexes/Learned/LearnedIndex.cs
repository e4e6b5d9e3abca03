namespace NeuroDb.Storage;

/// <summary>
/// A learned index: what the parts of a table keep their runs by, and the figures of all of them.
/// </summary>
internal sealed class LearnedIndex(
    IndexSchema schema, TableSchema definition, VersionedTable table)
    : IIndexStructure, IBackgroundIndex
{
    private long _lookups;
    private int _isDropped;
    private IndexBuildHost? _merging;

    /// <summary>The number of the index.</summary>
    public int Id => schema.Id;

    /// <summary>The columns as codes.</summary>
    public IndexKeys Keys { get; } = new(schema, definition);

    /// <summary>The structure of an entry of the catalog.</summary>
    public static LearnedIndex Of(IndexEntry index, TableEntry table)
    {
        Invariant.Check(index.Schema.TableId == table.Id);
        return (LearnedIndex)(index.Structure ?? Make(index, table));
    }

    private static IIndexStructure Make(IndexEntry index, TableEntry table) =>
        index.GetOrMake(entry => new LearnedIndex(entry.Schema, table.Schema, table.Rows));

    /// <summary>Who merges runs in memory beside commits; null before any asked for it.</summary>
    public IndexBuildHost? Merging => Volatile.Read(ref _merging);

    /// <summary>Leaves the merging of runs in memory to the background from now on.</summary>
    public void MergeBy(IndexBuildHost host) => Volatile.Write(ref _merging, host);

    /// <summary>Whether the index is no more: then nothing of it is stored.</summary>
    public bool IsDropped => Volatile.Read(ref _isDropped) != 0;

    /// <summary>Says that the index is no more.</summary>
    public void Drop() => Volatile.Write(ref _isDropped, 1);

    /// <summary>Counts lookups.</summary>
    public void Count(long lookups) => Interlocked.Add(ref _lookups, lookups);

    /// <inheritdoc/>
    public void Build(CancellationToken cancellation) =>
        Build(cancellation.ThrowIfCancellationRequested);

    /// <summary>Builds what parts need; looks, chunk by chunk, whether it is to stop.</summary>
    public void Build(Action look)
    {
        foreach (RowPart part in table.Layout.Parts.ToArray())
        {
            look();
            if (part is SealedRows settled)
            {
                settled.File.Indexes.Of(this).Make(look);
            }
            else
            {
                var delta = (RowDelta)part;
                DeltaIndex index = delta.Indexes.Of(this);
                for (long rows = 0; rows < delta.RowCount;)
                {
                    look();
                    rows = Math.Min(delta.RowCount, rows + Limits.ChunkRowCount);
                    _ = index.Cover(rows);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Build(StorageTransaction transaction, CancellationToken cancellation) =>
        Store(transaction.State.Generation.LayoutOf(table), cancellation);

    /// <summary>Writes the runs of segments that have no file yet.</summary>
    public void Store(TableLayout layout, CancellationToken cancellation)
    {
        foreach (RowPart part in layout.Parts)
        {
            cancellation.ThrowIfCancellationRequested();
            if (part is SealedRows rows)
            {
                rows.File.Indexes.Of(this).Store();
            }
        }
    }

    /// <inheritdoc/>
    public IndexStatistics Statistics()
    {
        long rows = 0;
        long bytes = 0;
        long runs = 0;
        long lines = 0;
        long distinct = 0;
        int error = 0;
        bool isTree = false;
        foreach (RowPart part in table.Layout.Parts.ToArray())
        {
            rows += part.RowCount;
            if (part is RowDelta delta)
            {
                bytes += delta.Indexes.Of(this).SizeBytes;
                continue;
            }

            if (((SealedRows)part).File.Indexes.Of(this).FindModel() is { } model)
            {
                runs++;
                bytes += IndexRun.SizeBytesOf(model.KeyCount, Keys.Count) + model.SizeBytes;
                lines += model.LineCount;
                distinct += model.DistinctCount;
                error = Math.Max(error, model.ErrorBound);
                isTree |= !model.IsLearned && model.KeyCount >= Limits.ChunkRowCount;
            }
        }

        return new IndexStatistics(
            isTree ? "tree" : "learned",
            rows,
            bytes,
            runs,
            lines,
            error,
            Interlocked.Read(ref _lookups),
            distinct);
    }
}
