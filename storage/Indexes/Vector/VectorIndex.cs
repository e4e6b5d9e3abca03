using System.Globalization;
using System.Runtime.CompilerServices;

namespace NeuroDb.Storage;

/// <summary>
/// An index of vectors over a table: a <see cref="VectorPart"/> for every segment, and for full
/// chunks of rows in memory. Parts are built in the background when a search misses them; what is
/// not covered yet is searched exactly, so that every row is found from its commit on. Nothing of
/// it has to be rebuilt when rows come and go: segments are merged by checkpoints, and parts of
/// rows in memory by size.
/// </summary>
internal sealed partial class VectorIndex : IIndexStructure, IBackgroundIndex
{
    private readonly ConditionalWeakTable<object, PartIndexes> _parts = [];
    private readonly IndexBuildHost _host;
    private readonly int _indexId;
    private readonly string _name;
    private readonly int _tableId;
    private readonly DataType _type;
    private long _lookupCount;
    private int _isScheduled;
    private readonly VectorDrift _drift = new();
    private VectorAncestor[] _ancestors = [];

    /// <summary>Makes the structure of an index, with nothing built.</summary>
    public VectorIndex(IndexBuildHost host, IndexSchema schema, TableSchema table)
    {
        _host = host;
        _indexId = schema.Id;
        _name = schema.Name;
        _tableId = schema.TableId;
        Ordinal = schema.Columns[0].Ordinal;
        _type = table.Columns[Ordinal].Type;
        Options = VectorIndexOptions.Of(schema);
    }

    /// <summary>The column.</summary>
    public int Ordinal { get; }

    /// <summary>What was asked for.</summary>
    public VectorIndexOptions Options { get; }

    /// <summary>What EXPLAIN says of it.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_name}, {Options.Metric.ToString().ToLowerInvariant()}, ")
        + string.Create(
            CultureInfo.InvariantCulture, $"target recall {Options.TargetRecall}");

    /// <inheritdoc/>
    public IndexStatistics Statistics()
    {
        long rows = 0;
        long bytes = 0;
        long lists = 0;
        long parts = 0;
        foreach ((_, PartIndexes indexes) in _parts)
        {
            foreach (IndexedRange range in indexes.Ranges)
            {
                rows += range.Part.RowCount;
                bytes += range.Part.SizeBytes;
                lists += range.Part.ListCount;
                parts++;
            }
        }

        return new IndexStatistics(
            "lists", rows, bytes, lists, parts, LookupCount: Volatile.Read(ref _lookupCount));
    }

    /// <inheritdoc/>
    public void Build(CancellationToken cancellation) => _host.BuildNow(this, cancellation);

    /// <summary>Builds what is missing soon, on another thread.</summary>
    public void BeginBuild()
    {
        if (Interlocked.Exchange(ref _isScheduled, 1) == 0)
        {
            _host.Schedule(this);
        }
    }

    /// <summary>The parts of a table that are built, for calibration and reports.</summary>
    public IEnumerable<IndexedRange> RangesOf(TableSnapshot snapshot)
    {
        for (int i = 0; i < snapshot.PartCount; i++)
        {
            foreach (IndexedRange range in Find(snapshot.PartAt(i).Rows)?.Ranges ?? [])
            {
                yield return range;
            }
        }
    }

    /// <summary>
    /// The rows that a snapshot sees of those in lists, by their ordinals in the part that has
    /// them, list after list. Time: all rows in lists.
    /// </summary>
    public IEnumerable<(IndexedRange Range, int Ordinal)> RowsSeen(TableSnapshot snapshot)
    {
        for (int i = 0; i < snapshot.PartCount; i++)
        {
            SnapshotPart part = snapshot.PartAt(i);
            foreach (IndexedRange range in Find(part.Rows)?.Ranges ?? [])
            {
                CandidateFilter? filter = snapshot.VisibleFilter(part, range.FirstChunk);
                for (int list = 0; list < range.Part.ListCount; list++)
                {
                    foreach (int ordinal in range.Part.List(list).Ordinals)
                    {
                        if (range.EndChunk <= part.SliceCount && filter?.Passes(ordinal) != false)
                        {
                            yield return (range, ordinal);
                        }
                    }
                }
            }
        }
    }

    /// <summary>
    /// Takes note of a recall that was measured: where it is too low, searches soon go farther.
    /// </summary>
    public void Note(double recall)
    {
        if (_drift.Note(recall, Options.TargetRecall))
        {
            BeginBuild();
        }
    }

    /// <summary>Changes how far searches go; by one thread at a time.</summary>
    public void Turn(TableSnapshot snapshot, Func<VectorDial, VectorDial> turn)
    {
        for (int i = 0; i < snapshot.PartCount; i++)
        {
            Find(snapshot.PartAt(i).Rows)?.Change(range => range with
            {
                Part = range.Part.Turned(turn(range.Part.Dial)),
            });
        }
    }

    /// <summary>Builds what is missing of a snapshot; by one thread at a time.</summary>
    public void Build(StorageTransaction transaction, CancellationToken cancellation)
    {
        Volatile.Write(ref _isScheduled, 0);
        TableEntry? table = transaction.Catalog.Tables.FirstOrDefault(
            known => known.Id == _tableId);
        if (table is null)
        {
            return;
        }

        TableSnapshot snapshot = transaction.Open(table);
        long known = 0;
        for (int i = 0; i < snapshot.PartCount; i++)
        {
            SnapshotPart part = snapshot.PartAt(i);
            PartIndexes indexes = _parts.GetOrCreateValue(KeyOf(part.Rows));
            if (!IsWorthBuilding(part, indexes.EndChunk))
            {
                continue;
            }

            IndexedRange made = part.Rows is SealedRows segment
                ? OfSegment(segment, cancellation)
                : OfDelta((RowDelta)part.Rows, part.Begun, indexes, cancellation);
            indexes.Put(made);
            known += made.Part.UncheckedRowCount == 0 ? made.Part.RowCount : 0;
        }

        _ancestors = [.. AncestorsOf(snapshot)];
        long rows = RangesOf(snapshot).Sum(static range => range.Part.RowCount);
        bool isFresh = known >= FreshShare * rows;
        _drift.Check(this, snapshot, isFresh, _host.Workers, cancellation);
    }

    /// <summary>
    /// Whether codes are worth their making: for a segment of some size, and for full chunks of
    /// rows in memory. Not where the column was added later: all rows have one value there.
    /// </summary>
    private bool IsWorthBuilding(in SnapshotPart part, int covered) =>
        part.Rows is SealedRows segment
            ? covered == 0 && part.SliceCount > 0
                && segment.File.Directory.ColumnCount > Ordinal
                && segment.RowCount >= VectorPartBuilder.IndexedRowsMin
            : part.Begun / Limits.ChunkRowCount > covered
                && ((RowDelta)part.Rows).ChunkAt(0).Columns.Length > Ordinal;

    // A segment keeps its index when a layout gets another object for it.
    private static object KeyOf(RowPart part) =>
        part is SealedRows segment ? segment.File : part;

    private PartIndexes? Find(RowPart part) =>
        _parts.TryGetValue(KeyOf(part), out PartIndexes? indexes) ? indexes : null;

    /// <summary>
    /// What there is of a part. After an opening, the index of a segment comes from its file at the
    /// first search: that costs less than to search its rows once.
    /// </summary>
    private PartIndexes? FindOrLoad(in SnapshotPart part)
    {
        PartIndexes? indexes = Find(part.Rows);
        if (indexes is not null || _host.Store is null
            || part.Rows is not SealedRows segment || !IsWorthBuilding(part, 0))
        {
            return indexes;
        }

        var rows = new SegmentVectorRows(segment.File, Ordinal, _type);
        VectorPart? loaded = _host.Store.Load(segment.File, _indexId, Options, rows);
        indexes = new PartIndexes();
        if (loaded is not null)
        {
            indexes.Put(new IndexedRange(0, segment.File.ChunkCount, loaded, rows));
        }

        return _parts.GetValue(segment.File, _ => indexes);
    }
}
