namespace NeuroDb.Storage;

/// <summary>
/// Rebuilds tables, indexes and catalog from the records of the log, exactly as the commits made
/// them, row numbers included. Everything a record says is checked against the state before it; a
/// contradiction is a <see cref="CorruptionException"/>.
/// </summary>
internal sealed class TransactionReplay(string path) : IRecordReplay
{
    private readonly Dictionary<int, TableEntry> _tables = [];
    private readonly Dictionary<long, List<byte[]>> _parts = [];
    private readonly Dictionary<long, int> _partCounts = [];
    private long _recordCount;

    /// <summary>The state after the last commit.</summary>
    public EngineState State { get; private set; } = new(0, CatalogView.Empty);

    /// <summary>The greatest number of a table so far.</summary>
    public int LastTableId { get; private set; }

    /// <summary>The greatest number of a transaction in parts so far.</summary>
    public long LastPartTransaction { get; private set; }

    /// <summary>Transactions replayed.</summary>
    public long TransactionCount { get; private set; }

    /// <summary>Transactions in parts that a crash or an error left without a commit.</summary>
    public int UncommittedCount => _partCounts.Count;

    /// <inheritdoc/>
    public void Replay(ReadOnlySpan<byte> record)
    {
        _recordCount++;
        RecordReader reader = ReaderOf([record.ToArray()]);
        var kind = (RecordKind)reader.ReadByte();
        byte version = reader.ReadByte();
        if (version > RecordFormat.Version)
        {
            throw new NeuroStoreException(
                ErrorCode.NewerFormat,
                $"The log {path} was written by a newer version (record version {version}, known "
                + $"{RecordFormat.Version}). Open the database with that version.");
        }

        reader.Check(version == RecordFormat.Version, "a record version");
        reader.Check(reader.ReadByte() == 0 && reader.ReadByte() == 0, "reserved bytes of 0");
        switch (kind)
        {
            case RecordKind.Commit:
                ReplayCommit(reader, reader);
                break;
            case RecordKind.Part:
                KeepPart(reader, record);
                break;
            case RecordKind.CommitOfParts:
                ReplayCommit(reader, null);
                break;
            case RecordKind.AbandonParts:
                long transaction = reader.ReadInt64();
                reader.Check(_partCounts.Remove(transaction), "a transaction with parts");
                _parts.Remove(transaction);
                break;
            default:
                throw reader.Bad($"a record of unknown kind {(byte)kind}");
        }

        reader.Check(reader.Remaining == 0, "the end of the record");
    }

    private RecordReader ReaderOf(List<byte[]> segments)
    {
        Invariant.Check(_recordCount > 0);
        return new RecordReader(segments, path, $"record {_recordCount} of the log");
    }

    private void KeepPart(RecordReader reader, ReadOnlySpan<byte> record)
    {
        long transaction = reader.ReadInt64();
        int ordinal = reader.ReadInt32();
        int expected = _partCounts.GetValueOrDefault(transaction);
        reader.Check(ordinal == expected, "the next part of the transaction");
        if (ordinal == 0)
        {
            reader.Check(transaction > LastPartTransaction, "a new transaction");
            LastPartTransaction = transaction;
            _parts.Add(transaction, []);
        }

        _partCounts[transaction] = ordinal + 1;
        if (reader.Remaining > 0)
        {
            var bytes = new byte[reader.Remaining];
            reader.Read(bytes);
            _parts[transaction].Add(bytes);
        }
    }

    private void ReplayCommit(RecordReader reader, RecordReader? changes)
    {
        long timestamp = reader.ReadInt64();
        reader.Check(timestamp == State.Timestamp + 1, "the timestamp after the last");
        if (changes is null)
        {
            long transaction = reader.ReadInt64();
            reader.Check(
                _partCounts.Remove(transaction, out int count) && reader.ReadInt32() == count,
                "all parts of the transaction");
            _parts.Remove(transaction, out List<byte[]>? segments);
            changes = ReaderOf(segments!);
        }

        (int Table, long Row)[] firstRows = ReadFirstRows(reader);
        CatalogView catalog = State.Catalog;
        bool isMore = true;
        while (isMore)
        {
            isMore = ReplayChange(changes, timestamp, firstRows, ref catalog);
        }

        changes.Check(changes.Remaining == 0, "the end of the changes");
        State = new EngineState(timestamp, catalog);
        TransactionCount++;
    }

    private static (int Table, long Row)[] ReadFirstRows(RecordReader reader)
    {
        int entrySize = sizeof(int) + sizeof(long);
        int count = reader.ReadCount(
            (int)Math.Min(reader.Remaining / entrySize, 1 << 20), "tables");
        var rows = new (int Table, long Row)[count];
        for (int i = 0; i < count; i++)
        {
            rows[i] = (reader.ReadInt32(), reader.ReadInt64());
        }

        return rows;
    }

    private bool ReplayChange(
        RecordReader reader, long timestamp, (int Table, long Row)[] firstRows,
        ref CatalogView catalog)
    {
        switch ((ChangeKind)reader.ReadByte())
        {
            case ChangeKind.End:
                reader.Check(
                    Array.TrueForAll(firstRows, entry => entry.Row == -1
                        || _tables.ContainsKey(entry.Table)),
                    "a table for each first row");
                return false;
            case ChangeKind.CreateTable:
                Create(reader, timestamp, ref catalog);
                break;
            case ChangeKind.DropTable:
                TableEntry dropped = ReadTable(reader);
                catalog = catalog.Without(dropped, timestamp);
                _tables.Remove(dropped.Id);
                break;
            case ChangeKind.EndRows:
                EndRows(reader, timestamp);
                break;
            case ChangeKind.Rows:
                BeginRows(reader, timestamp, firstRows);
                break;
            default:
                throw reader.Bad("a change of unknown kind");
        }

        return true;
    }

    private void Create(RecordReader reader, long timestamp, ref CatalogView catalog)
    {
        int id = reader.ReadInt32();
        TableSchema schema = SchemaCodec.Decode(reader);
        reader.Check(id > 0 && !_tables.ContainsKey(id), "a new table number");
        reader.Check(!catalog.TryGetTable(schema.Name, out _), "a new table name");
        var table = new TableEntry(id, schema);
        catalog = catalog.With(table, timestamp);
        _tables.Add(id, table);
        LastTableId = Math.Max(LastTableId, id);
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
            long slot = rows.FindVersion(rowId, long.MaxValue - 1);
            reader.Check(slot >= 0, "a row that lives");
            rows.End(slot, timestamp);
        }
    }

    private void BeginRows(
        RecordReader reader, long timestamp, (int Table, long Row)[] firstRows)
    {
        TableEntry table = ReadTable(reader);
        int first = Array.FindIndex(firstRows, entry => entry.Table == table.Id);
        reader.Check(first >= 0, "the number of the first new row");
        if (firstRows[first].Row >= 0)
        {
            reader.Check(firstRows[first].Row == table.Rows.NextRowId, "the next row number");
            firstRows[first].Row = -1;
        }

        int count = reader.ReadCount(Limits.ChunkRowCount, "rows");
        byte hasBases = reader.ReadByte();
        reader.Check(count > 0 && hasBases <= 1, "a row");
        long[] bases = [];
        if (hasBases == 1)
        {
            bases = new long[count];
            reader.ReadRaw(bases.AsSpan());
            foreach (long rowId in bases)
            {
                reader.Check(
                    rowId == -1 || (rowId >= 0 && rowId < table.Rows.NextRowId
                        && table.Rows.FindVersion(rowId, long.MaxValue - 1) < 0),
                    "a row that ended");
            }
        }

        ColumnStore[] columns = ColumnStore.CreateAll(table.Schema);
        foreach (ColumnStore column in columns)
        {
            // What is left bounds the memory that a damaged count could ask for.
            reader.Check(reader.Remaining > 0, "a column");
            column.Reserve(count);
            column.Decode(reader, 0, count);
        }

        table.Rows.Append(columns, 0, count, bases, timestamp);
    }
}
