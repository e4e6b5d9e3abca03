namespace NeuroDb.Storage;

/// <summary>
/// Rebuilds tables, indexes and catalog from the records of the log, exactly as the commits made
/// them, row numbers included. Commits up to the checkpoint are in its files and are passed over.
/// Everything a record says is checked against the state before it; a contradiction is a
/// <see cref="CorruptionException"/>.
/// </summary>
internal sealed partial class TransactionReplay(
    string path, long checkpointTimestamp = 0, SegmentStore? store = null)
    : IRecordReplay
{
    private const string RecordName = "a record of the log";
    private readonly Dictionary<int, TableEntry> _tables = [];
    private readonly Dictionary<long, List<ReadOnlyMemory<byte>>> _parts = [];
    private readonly Dictionary<long, int> _partCounts = [];
    private readonly HashSet<long> _cutParts = [];
    private readonly Dictionary<int, ColumnStore[]> _scratch = [];
    private readonly List<(int Table, long Row)> _firstRows = [];
    private readonly RecordReader _reader = new(path);
    private readonly long _checkpointTimestamp = checkpointTimestamp;
    private CatalogView _catalog = CatalogView.Empty;
    private readonly Generation _generation = new();
    private long _timestamp = checkpointTimestamp;

    /// <summary>The state after the last commit.</summary>
    public EngineState State => new(_timestamp, _catalog, _generation);

    /// <summary>The greatest number of a table or an index so far.</summary>
    public int LastTableId { get; private set; }

    /// <summary>The greatest number of a transaction in parts so far.</summary>
    public long LastPartTransaction { get; private set; }

    /// <summary>The moment of the last commit, in microseconds; 0 if none is known.</summary>
    public long LastMoment { get; private set; }

    /// <summary>Transactions replayed.</summary>
    public long TransactionCount { get; private set; }

    /// <summary>Transactions in parts that a crash or an error left without a commit.</summary>
    public int UncommittedCount => _partCounts.Count;

    /// <summary>Starts from what a checkpoint has written down.</summary>
    public void Restore(Manifest manifest)
    {
        Invariant.Check(store is not null);
        Invariant.Check(manifest.Timestamp == _checkpointTimestamp && _tables.Count == 0);
        foreach (ManifestTable table in manifest.Tables)
        {
            TableEntry entry = ManifestRestore.Restore(table, store!);
            entry.Rows.BeginReplay();
            _tables.Add(entry.Id, entry);
            _catalog = _catalog.With(entry, _timestamp);
        }

        foreach (IndexSchema index in manifest.Indexes)
        {
            _catalog = _catalog.With(new IndexEntry(index), _timestamp);
        }

        foreach (CatalogObject value in manifest.Objects)
        {
            _catalog = _catalog.With(value, _timestamp);
        }

        LastTableId = manifest.LastTableId;
        LastPartTransaction = manifest.LastPartTransaction;
        LastMoment = manifest.Moment;
        store!.Observe(manifest.LastSegmentId);
        store.LargeValues.Restore(manifest.LargeValues);
    }

    /// <inheritdoc/>
    public bool Replay(ReadOnlyMemory<byte> record)
    {
        RecordReader reader = _reader;
        reader.Start(record, RecordName);
        var kind = (RecordKind)reader.ReadByte();
        byte version = reader.ReadByte();
        if (version > RecordFormat.Version)
        {
            throw new NeuroStoreException(
                ErrorCode.NewerFormat,
                $"The log {path} was written by a newer version (record version {version}, known "
                + $"{RecordFormat.Version}). Open the database with that version.");
        }

        reader.Check(version >= RecordFormat.VersionWithoutMoment, "a record version");
        reader.Check(reader.ReadByte() == 0 && reader.ReadByte() == 0, "reserved bytes of 0");
        switch (kind)
        {
            case RecordKind.Commit:
                ReplayCommit(reader, reader, version);
                break;
            case RecordKind.Part:
                KeepPart(reader, record);
                break;
            case RecordKind.CommitOfParts:
                ReplayCommit(reader, null, version);
                break;
            case RecordKind.AbandonParts:
                long transaction = reader.ReadInt64();
                bool wasCut = _cutParts.Remove(transaction) || _checkpointTimestamp > 0;
                reader.Check(_partCounts.Remove(transaction) || wasCut, "a transaction with parts");
                _parts.Remove(transaction);
                break;
            default:
                throw reader.Bad($"a record of unknown kind {(byte)kind}");
        }

        reader.Check(reader.Remaining == 0, "the end of the record");
        return kind == RecordKind.Part;
    }

    /// <summary>Builds the key indexes, when all records were replayed.</summary>
    public void Complete()
    {
        foreach (TableEntry table in _tables.Values)
        {
            table.Rows.CompleteReplay(_timestamp);
        }

        _scratch.Clear();
    }

    // A transaction of which the log begins with a later part: it was committed before the
    // checkpoint or given up, so none of its parts is needed.
    private bool IsCut(long transaction, int ordinal, int expected)
    {
        if (_checkpointTimestamp > 0 && expected == 0 && ordinal > 0)
        {
            _cutParts.Add(transaction);
            LastPartTransaction = Math.Max(LastPartTransaction, transaction);
        }

        return _cutParts.Contains(transaction);
    }

    private void KeepPart(RecordReader reader, ReadOnlyMemory<byte> record)
    {
        long transaction = reader.ReadInt64();
        int ordinal = reader.ReadInt32();
        int expected = _partCounts.GetValueOrDefault(transaction);
        reader.Check(transaction > 0, "the number of a transaction");
        if (IsCut(transaction, ordinal, expected))
        {
            reader.SkipRest();
            return;
        }

        reader.Check(ordinal == expected, "the next part of the transaction");
        if (ordinal == 0)
        {
            // Transactions that run at the same time may write their first parts in any order.
            LastPartTransaction = Math.Max(LastPartTransaction, transaction);
            _parts.Add(transaction, []);
        }

        _partCounts[transaction] = ordinal + 1;
        if (reader.Remaining > 0)
        {
            _parts[transaction].Add(reader.TakeRest(record));
        }
    }

    private void ReplayCommit(RecordReader reader, RecordReader? changes, byte version)
    {
        long timestamp = reader.ReadInt64();
        if (version > RecordFormat.VersionWithoutMoment)
        {
            LastMoment = Math.Max(LastMoment, reader.ReadInt64());
        }

        if (timestamp > 0 && timestamp <= _checkpointTimestamp)
        {
            SkipCommit(reader, isInParts: changes is null);
            return;
        }

        reader.Check(timestamp == _timestamp + 1, "the timestamp after the last");
        if (changes is null)
        {
            long transaction = reader.ReadInt64();
            reader.Check(
                _partCounts.Remove(transaction, out int count) && reader.ReadInt32() == count,
                "all parts of the transaction");
            _parts.Remove(transaction, out List<ReadOnlyMemory<byte>>? segments);
            changes = new RecordReader(path);
            changes.Start(segments!, "a transaction in parts");
        }

        ReadFirstRows(reader);
        CatalogView catalog = _catalog;
        bool isMore = true;
        while (isMore)
        {
            isMore = ReplayChange(changes, timestamp, ref catalog);
        }

        changes.Check(changes.Remaining == 0, "the end of the changes");
        _timestamp = timestamp;
        _catalog = catalog;
        TransactionCount++;
    }

    // The checkpoint holds it; its parts may begin before the log.
    private void SkipCommit(RecordReader reader, bool isInParts)
    {
        if (isInParts)
        {
            long transaction = reader.ReadInt64();
            _partCounts.Remove(transaction);
            _parts.Remove(transaction);
            _cutParts.Remove(transaction);
        }

        reader.SkipRest();
    }

    private void ReadFirstRows(RecordReader reader)
    {
        int entrySize = sizeof(int) + sizeof(long);
        int count = reader.ReadCount(
            (int)Math.Min(reader.Remaining / entrySize, 1 << 20), "tables");
        _firstRows.Clear();
        for (int i = 0; i < count; i++)
        {
            _firstRows.Add((reader.ReadInt32(), reader.ReadInt64()));
        }
    }

    private bool ReplayChange(
        RecordReader reader, long timestamp, ref CatalogView catalog)
    {
        var kind = (ChangeKind)reader.ReadByte();
        switch (kind)
        {
            case ChangeKind.End:
                foreach ((int table, long row) in _firstRows)
                {
                    reader.Check(
                        row == -1 || _tables.ContainsKey(table), "a table for each first row");
                }

                return false;
            case ChangeKind.EndRows:
                EndRows(reader, timestamp);
                break;
            case ChangeKind.Rows:
                BeginRows(reader, timestamp);
                break;
            case ChangeKind.AddSegment:
                AddSegment(reader, timestamp);
                break;
            default:
                ReplayDefinition(reader, kind, timestamp, ref catalog);
                break;
        }

        return true;
    }

    private TableEntry ReadTable(RecordReader reader)
    {
        int id = reader.ReadInt32();
        return _tables.TryGetValue(id, out TableEntry? table)
            ? table
            : throw reader.Bad($"table {id}, which does not exist");
    }

    private void EndRows(RecordReader reader, long timestamp)
    {
        VersionedTable rows = ReadTable(reader).Rows;
        int count = reader.ReadCount(Limits.ChunkRowCount, "rows");
        for (int i = 0; i < count; i++)
        {
            long rowId = reader.ReadInt64();
            reader.Check(rowId >= 0 && rowId < rows.NextRowId, "the number of a row");
            reader.Check(rows.Layout.IsLive(rowId), "a row that lives");
            rows.End(rowId, timestamp);
        }
    }

    private void CheckFirstRow(RecordReader reader, TableEntry table)
    {
        int first = 0;
        while (first < _firstRows.Count && _firstRows[first].Table != table.Id)
        {
            first++;
        }

        reader.Check(first < _firstRows.Count, "the number of the first new row");
        long row = _firstRows[first].Row;
        reader.Check(row == -1 || row == table.Rows.NextRowId, "the next row number");
        _firstRows[first] = (table.Id, -1);
    }

    private void BeginRows(RecordReader reader, long timestamp)
    {
        TableEntry table = ReadTable(reader);
        CheckFirstRow(reader, table);

        int count = reader.ReadCount(Limits.ChunkRowCount, "rows");
        reader.Check(count > 0, "a row");

        // What is left bounds the memory that a damaged count could ask for.
        reader.Check(reader.Remaining >= count, "the values of the rows");
        if (table.Rows.Prepare(count, out int row) is { } there)
        {
            Decode(reader, there, row, count);
            table.Rows.Complete(there, row, count, timestamp);
            return;
        }

        // Rows of two chunks are copied from stores that are used again.
        ColumnStore[] columns = ScratchOf(table);
        foreach (ColumnStore column in columns)
        {
            column.Reserve(count);
        }

        Decode(reader, columns, 0, count);
        table.Rows.Append(columns, 0, count, timestamp);
    }

    private static void Decode(RecordReader reader, ColumnStore[] columns, int row, int count)
    {
        foreach (ColumnStore column in columns)
        {
            reader.Check(reader.Remaining > 0, "a column");
            column.Decode(reader, row, count);
        }
    }

    private void AddSegment(RecordReader reader, long timestamp)
    {
        TableEntry table = ReadTable(reader);
        CheckFirstRow(reader, table);
        long segmentId = reader.ReadInt64();
        long rowCount = reader.ReadInt64();
        long length = reader.ReadInt64();
        var info = new SegmentInfo(length, (uint)reader.ReadInt32(), rowCount);
        reader.Check(store is not null && segmentId > 0 && rowCount > 0, "a segment with rows");
        int killedCount = reader.ReadCount(
            (int)Math.Min(rowCount, reader.Remaining / sizeof(int)), "dead rows");
        var killed = new int[killedCount];
        for (int i = 0; i < killedCount; i++)
        {
            killed[i] = reader.ReadInt32();
            int previous = i == 0 ? -1 : killed[i - 1];
            reader.Check(killed[i] > previous && killed[i] < rowCount, "ordinals that ascend");
        }

        SegmentFile file = store!.OpenInLog(table.Id, table.Schema, segmentId, info, timestamp);
        VersionedTable rows = table.Rows;
        SealedRows[] added =
            [BulkParts.Make(file, table.Schema, rows.NextRowId, killed, begin: 0)];
        TableLayout layout = BulkParts.LayoutWith(rows.Layout, table.Schema, added);
        layout.Active.BeginReplay();
        rows.Extend(layout, added, timestamp);
    }

    private ColumnStore[] ScratchOf(TableEntry table)
    {
        if (!_scratch.TryGetValue(table.Id, out ColumnStore[]? columns))
        {
            columns = ColumnStore.CreateAll(table.Schema);
            _scratch.Add(table.Id, columns);
        }

        return columns;
    }
}
