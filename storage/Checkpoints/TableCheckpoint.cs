namespace NeuroDb.Storage;

/// <summary>
/// One table in a checkpoint: which of its parts become new segments, which only get a new
/// delete-file, and what the table consists of afterwards.
/// </summary>
internal sealed class TableCheckpoint
{
    private readonly SegmentStore _store;
    private readonly FrozenTable _frozen;
    private readonly ManifestTable? _before;
    private readonly long _timestamp;
    private readonly long _number;
    private readonly List<ManifestPart> _manifestParts = [];
    private readonly List<RowPart> _parts = [];
    private readonly List<long> _built = [];
    private readonly List<string> _deleteFiles = [];
    private readonly List<SegmentLargeValue> _largeValues = [];

    /// <summary>Starts with nothing written.</summary>
    /// <param name="store">The segments of the database.</param>
    /// <param name="frozen">The table at the freeze.</param>
    /// <param name="before">The table in the last manifest, if it is there.</param>
    /// <param name="timestamp">The last commit that the checkpoint holds.</param>
    /// <param name="number">The number of the new manifest.</param>
    public TableCheckpoint(
        SegmentStore store, FrozenTable frozen, ManifestTable? before, long timestamp, long number)
    {
        _store = store;
        _frozen = frozen;
        _before = before;
        _timestamp = timestamp;
        _number = number;
    }

    /// <summary>What the layout of the table gets in the place of the frozen parts.</summary>
    public TableSwitch Switch => new(_frozen, _parts);

    /// <summary>What the manifest says about the table.</summary>
    public ManifestTable Manifest => new()
    {
        Id = _frozen.Table.Id,
        Schema = _frozen.Table.Schema,
        NextRowId = _frozen.NextRowId,
        IdentityLast = _frozen.IdentityLast,
        KeyMaxima = _frozen.KeyMaxima,
        Parts = _manifestParts,
    };

    /// <summary>The large values that live rows of the parts refer to.</summary>
    public IReadOnlyList<SegmentLargeValue> LargeValues => _largeValues;

    /// <summary>Writes segments and delete-files; their names are not durable yet.</summary>
    public void Write(bool isFull, WriteThrottle? throttle, CancellationToken cancellation)
    {
        IReadOnlyList<RowPart> parts = _frozen.Parts;
        var sources = new CompactionSource[parts.Count];
        for (int i = 0; i < sources.Length; i++)
        {
            sources[i] = SourceOf(parts[i]);
        }

        int next = 0;
        foreach (CompactionRun run in CompactionPolicy.Choose(
            sources, isFull, _store.SegmentRowCountMax))
        {
            Keep(next, run.Start);
            Rewrite(run, throttle, cancellation);
            next = run.Start + run.Count;
        }

        Keep(next, parts.Count);
    }

    /// <summary>Removes what was written; nobody was promised it.</summary>
    public void Abandon()
    {
        _ = _store.Retire(_built);
        foreach (string path in _built.Select(_store.Names.SegmentPath).Concat(_deleteFiles))
        {
            _store.TryDelete(path);
        }

        _built.Clear();
        _deleteFiles.Clear();
    }

    private CompactionSource SourceOf(RowPart part)
    {
        if (part is not SealedRows rows)
        {
            return new CompactionSource(IsDelta: true, part.RowCount, part.RowCount, SizeOf(part));
        }

        rows.DeadAt(_timestamp, out long dead);
        return new CompactionSource(
            IsDelta: false, rows.RowCount, rows.RowCount - dead, rows.File.LengthBytes);
    }

    private static long SizeOf(RowPart part) => ((RowDelta)part).SizeBytes;

    private void Keep(int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            var rows = (SealedRows)_frozen.Parts[i];
            ulong[]?[] dead = rows.DeadAt(_timestamp, out long deadCount);
            ManifestPart? before = BeforeOf(rows);
            KeepLargeValues(
                rows, dead, before is not null && before.Deletes.DeadCount == deadCount);
            if (before is not null && before.Deletes.DeadCount == deadCount)
            {
                _manifestParts.Add(before);
                _parts.Add(rows);
                continue;
            }

            ManifestPart part = before ?? PartOf(rows);
            if (deadCount > 0)
            {
                long id = part.SegmentId;
                _deleteFiles.Add(_store.Names.DeletePath(id, _number));
                part = part with
                {
                    DeleteNumber = _number,
                    Deletes = _store.WriteDeletes(id, _number, part.RowCount, dead),
                };
            }

            _manifestParts.Add(part);
            _parts.Add(deadCount > rows.DeadCount ? rows.WithDead(dead) : rows);
        }
    }

    private void Rewrite(
        CompactionRun run, WriteThrottle? throttle, CancellationToken cancellation)
    {
        TableEntry table = _frozen.Table;
        using var builder = new SegmentBuilder(_store, table.Id, table.Schema);
        for (int i = run.Start; i < run.Start + run.Count; i++)
        {
            foreach (LiveRows rows in _frozen.Parts[i].LiveRowsAt(_timestamp))
            {
                cancellation.ThrowIfCancellationRequested();
                builder.Append(WithAllColumns(rows, table));
                throttle?.Take(builder.TakeSizeBytes(), cancellation);
            }
        }

        IReadOnlyList<BuiltSegment> segments = builder.Complete();
        _built.AddRange(segments.Select(static built => built.SegmentId));
        foreach (BuiltSegment built in segments)
        {
            SegmentFile file = _store.Open(table.Id, table.Schema, built.SegmentId, built.Info);
            var part = new SealedRows(
                file, table.Schema, built.BaseRowId, built.EndRowId, dead: null);
            _parts.Add(part);
            AddLargeValues(built.SegmentId, built.LargeValues);
            _manifestParts.Add(new ManifestPart(
                built.SegmentId,
                built.BaseRowId,
                built.EndRowId,
                built.Info.RowCount,
                built.Info.LengthBytes,
                built.Info.FooterCrc));
        }
    }

    // A segment whose dead rows did not change refers to what it did before.
    private void KeepLargeValues(SealedRows rows, ulong[]?[] dead, bool isUnchanged)
    {
        long id = rows.File.Identity.SegmentId;
        if (_store.LargeValues.IsEmpty)
        {
            return;
        }

        if (isUnchanged)
        {
            AddLargeValues(id, _store.LargeValues.OfSegment(id));
            return;
        }

        var found = new HashSet<LargeReference>();
        LargeValueScan.Collect(rows, dead, found);
        AddLargeValues(id, found);
    }

    private void AddLargeValues(long segmentId, IEnumerable<LargeReference> references) =>
        _largeValues.AddRange(references
            .OrderBy(static reference => reference.Number)
            .Select(reference => new SegmentLargeValue(segmentId, reference)));

    // Rows from before a column was added get its first value, and a dropped column is let go.
    private static LiveRows WithAllColumns(LiveRows rows, TableEntry table)
    {
        IReadOnlyList<ColumnSchema> columns = table.Schema.Columns;
        if (rows.Columns.Length == columns.Count && !columns.Any(static column => column.IsHidden))
        {
            return rows;
        }

        var stores = new ColumnStore[columns.Count];
        for (int i = 0; i < stores.Length; i++)
        {
            stores[i] = i >= rows.Columns.Length || columns[i].IsHidden
                ? table.InitialStore(i, Limits.ChunkRowCount)
                : rows.Columns[i];
        }

        return rows with { Columns = stores };
    }

    private ManifestPart? BeforeOf(SealedRows rows) => _before?.Parts.FirstOrDefault(
        part => part.SegmentId == rows.File.Identity.SegmentId);

    private static ManifestPart PartOf(SealedRows rows) => new(
        rows.File.Identity.SegmentId,
        rows.FirstRowId,
        rows.EndRowId,
        rows.RowCount,
        rows.File.LengthBytes,
        rows.File.Info.FooterCrc);
}
