namespace NeuroDb.Storage;

/// <summary>
/// Takes the commits that are left of a log. Rows have their numbers for ever, so a commit whose
/// records are whole says what it says whatever is missing before it: these rows came, those ended.
/// What cannot be told without a lost commit is left out, and every gap is noted.
/// </summary>
/// <param name="path">The log, for the report.</param>
/// <param name="timestamp">The last commit that is in segments already.</param>
/// <param name="tables">The tables of the segments; those of the log are added.</param>
/// <param name="losses">Takes what is lost.</param>
/// <param name="segments">Opens the segments that the log names.</param>
/// <param name="indexes">The indexes of the manifest; the log changes them.</param>
/// <param name="objects">Views, triggers and the like of the manifest, by key.</param>
internal sealed class RecordSalvage(
    string path,
    long timestamp,
    Dictionary<int, SalvagedTable> tables,
    LossList losses,
    SegmentSalvage segments,
    Dictionary<int, IndexSchema> indexes,
    Dictionary<string, CatalogObject> objects) : IRecordReplay
{
    private readonly Dictionary<long, Dictionary<int, ReadOnlyMemory<byte>>> _parts = [];
    private long _timestamp = timestamp;

    /// <summary>Whether commits are missing, so that rows may be back that had ended.</summary>
    public bool HasGap { get; private set; }

    /// <inheritdoc/>
    public bool Replay(ReadOnlyMemory<byte> record)
    {
        var reader = new RecordReader(path);
        reader.Start(record, "a record of the log");
        var kind = (RecordKind)reader.ReadByte();
        byte version = reader.ReadByte();
        reader.Check(
            version is RecordFormat.Version or RecordFormat.VersionWithoutMoment,
            "a record version");
        reader.Check(reader.ReadByte() == 0 && reader.ReadByte() == 0, "reserved bytes of 0");
        switch (kind)
        {
            case RecordKind.Commit:
                Commit(reader, isInParts: false, version);
                break;
            case RecordKind.Part:
                KeepPart(reader, record);
                break;
            case RecordKind.CommitOfParts:
                Commit(reader, isInParts: true, version);
                break;
            case RecordKind.AbandonParts:
                _parts.Remove(reader.ReadInt64());
                break;
            default:
                throw reader.Bad($"a record of unknown kind {(byte)kind}");
        }

        return kind == RecordKind.Part;
    }

    private void KeepPart(RecordReader reader, ReadOnlyMemory<byte> record)
    {
        long transaction = reader.ReadInt64();
        int ordinal = reader.ReadInt32();
        if (!_parts.TryGetValue(transaction, out Dictionary<int, ReadOnlyMemory<byte>>? parts))
        {
            _parts.Add(transaction, parts = []);
        }

        parts[ordinal] = reader.TakeRest(record);
    }

    private void Commit(RecordReader reader, bool isInParts, byte version)
    {
        long commit = reader.ReadInt64();
        _ = version > RecordFormat.VersionWithoutMoment ? reader.ReadInt64() : 0;
        if (commit <= _timestamp)
        {
            return;
        }

        if (commit != _timestamp + 1)
        {
            HasGap = true;
            losses.Add(
                string.Empty,
                path,
                -1,
                $"commits {_timestamp + 1} to {commit - 1} are lost; rows that they ended or "
                + "replaced may be here again");
        }

        _timestamp = commit;
        RecordReader changes = reader;
        bool isWhole = !isInParts || TryJoin(reader, out changes);
        var actions = new List<Action>();
        try
        {
            ReadChanges(changes, ReadFirstRows(reader), actions);
        }
        catch (NeuroStoreException error)
            when (error is CorruptionException || error.Code == ErrorCode.NewerFormat)
        {
            string why = (error as CorruptionException)?.Detail ?? error.Message;
            losses.Add(
                string.Empty, path, -1,
                $"the rest of commit {commit} is lost: "
                + (isWhole ? why : "not all of its parts are there"));
            isWhole = false;
        }

        HasGap |= !isWhole;

        // What the log holds of a commit did happen, also where the rest of it is lost.
        actions.ForEach(static action => action());
    }

    // The parts up to the first that is missing.
    private bool TryJoin(RecordReader reader, out RecordReader changes)
    {
        long transaction = reader.ReadInt64();
        int count = reader.ReadInt32();
        changes = new RecordReader(path);
        if (!_parts.Remove(transaction, out Dictionary<int, ReadOnlyMemory<byte>>? parts))
        {
            parts = [];
        }

        var known = new List<ReadOnlyMemory<byte>>(parts.Count);
        int next = 0;
        while (next < count && parts.TryGetValue(next, out ReadOnlyMemory<byte> part))
        {
            next++;
            if (part.Length > 0)
            {
                known.Add(part);
            }
        }

        changes.Start(known, "a transaction in parts");
        return next == count;
    }

    private static Dictionary<int, long> ReadFirstRows(RecordReader reader)
    {
        int count = reader.ReadCount((int)Math.Min(reader.Remaining / 12, 1 << 20), "tables");
        var rows = new Dictionary<int, long>();
        for (int i = 0; i < count; i++)
        {
            rows[reader.ReadInt32()] = reader.ReadInt64();
        }

        return rows;
    }

    // Nothing is applied while the commit is read.
    private void ReadChanges(
        RecordReader reader, Dictionary<int, long> firstRows, List<Action> actions)
    {
        var created = new Dictionary<int, TableSchema>();
        while (true)
        {
            var kind = (ChangeKind)reader.ReadByte();
            if (kind == ChangeKind.End)
            {
                return;
            }

            if (kind is ChangeKind.PutObject or ChangeKind.DropObject)
            {
                actions.Add(ReadObject(reader, kind));
                continue;
            }

            int id = reader.ReadInt32();
            switch (kind)
            {
                case ChangeKind.EndRows:
                    long[] ended = ReadEnded(reader);
                    actions.Add(() => tables.GetValueOrDefault(id)?.Ended.UnionWith(ended));
                    break;
                case ChangeKind.Rows:
                    TableSchema known = created.GetValueOrDefault(id)
                        ?? tables.GetValueOrDefault(id)?.Schema
                        ?? throw reader.Bad($"rows of table {id}, whose definition is lost");
                    SalvagedRows rows = ReadRows(reader, known, id, firstRows);
                    actions.Add(() => Append(id, rows));
                    break;
                case ChangeKind.AddSegment:
                    AddedSegment segment = ReadSegment(reader, id, firstRows);
                    actions.Add(() => segments.Add(tables.GetValueOrDefault(id), segment));
                    break;
                default:
                    ReadDefinition(reader, kind, id, created, actions);
                    break;
            }
        }
    }

    private void ReadDefinition(
        RecordReader reader,
        ChangeKind kind,
        int id,
        Dictionary<int, TableSchema> created,
        List<Action> actions)
    {
        switch (kind)
        {
            case ChangeKind.CreateTable:
                TableSchema schema = SchemaCodec.Decode(reader);
                created[id] = schema;
                actions.Add(() => Create(id, schema));
                break;
            case ChangeKind.DropTable:
                actions.Add(() => tables.Remove(id));
                break;
            case ChangeKind.AlterTable:
                TableSchema altered = SchemaCodec.Decode(reader);
                created[id] = altered;
                actions.Add(() => Alter(id, altered));
                break;
            case ChangeKind.TableDetails:
                TableSchema detailed = TableDetailsCodec.Decode(
                    reader,
                    created.GetValueOrDefault(id) ?? tables.GetValueOrDefault(id)?.Schema
                        ?? throw reader.Bad($"details of table {id}, which is lost"));
                created[id] = detailed;
                actions.Add(() => Alter(id, detailed));
                break;
            case ChangeKind.CreateIndex:
                IndexSchema index = IndexCodec.Decode(reader, id);
                actions.Add(() => indexes[id] = index);
                break;
            case ChangeKind.DropIndex:
                actions.Add(() => indexes.Remove(id));
                break;
            default:
                throw reader.Bad("a change of unknown kind");
        }
    }

    private Action ReadObject(RecordReader reader, ChangeKind kind)
    {
        if (kind == ChangeKind.PutObject)
        {
            CatalogObject value = ObjectCodec.Decode(reader);
            return () => objects[value.Key] = value;
        }

        CatalogObject dropped = ObjectCodec.DecodeName(reader);
        return () => objects.Remove(dropped.Key);
    }

    private void Alter(int id, TableSchema schema)
    {
        if (tables.TryGetValue(id, out SalvagedTable? table))
        {
            table.Schema = schema;
            for (int i = 0; i < table.Rows.Count; i++)
            {
                SalvagedRows rows = table.Rows[i];
                table.Rows[i] = rows with
                {
                    Columns =
                    [
                        .. rows.Columns,
                        .. schema.Columns.Skip(rows.Columns.Length).Select(
                            column => ColumnStore.Initial(column, rows.Count)),
                    ],
                };
            }
        }
    }

    private void Create(int id, TableSchema schema)
    {
        SalvagedTable? other = tables.Values.FirstOrDefault(table => string.Equals(
            table.Schema.Name, schema.Name, StringComparison.OrdinalIgnoreCase));
        if (other is not null && other.Id != id)
        {
            losses.Add(
                schema.Name, path, -1,
                "another table of this name was dropped by a commit that is lost");
            tables.Remove(other.Id);
        }

        tables.TryAdd(id, new SalvagedTable(id, schema));
    }

    private void Append(int id, SalvagedRows rows)
    {
        SalvagedTable? table = tables.GetValueOrDefault(id);
        if (table is not null && rows.FirstRowId >= table.SealedEnd)
        {
            table.Rows.Add(rows);
        }
    }

    private static long[] ReadEnded(RecordReader reader)
    {
        var rows = new long[reader.ReadCount(Limits.ChunkRowCount, "rows")];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = reader.ReadInt64();
        }

        return rows;
    }

    private static SalvagedRows ReadRows(
        RecordReader reader, TableSchema schema, int id, Dictionary<int, long> firstRows)
    {
        int count = reader.ReadCount(Limits.ChunkRowCount, "rows");
        reader.Check(count > 0, "a row");
        reader.Check(firstRows.TryGetValue(id, out long first), "the number of the first row");
        ColumnStore[] columns = ColumnStore.CreateAll(schema);
        foreach (ColumnStore column in columns)
        {
            reader.Check(reader.Remaining > 0, "a column");
            column.Reserve(count);
            column.Decode(reader, 0, count);
        }

        firstRows[id] = first + count;
        return new SalvagedRows(first, columns, count);
    }

    private static AddedSegment ReadSegment(
        RecordReader reader, int id, Dictionary<int, long> firstRows)
    {
        long segmentId = reader.ReadInt64();
        long rowCount = reader.ReadInt64();
        var info = new SegmentInfo(reader.ReadInt64(), (uint)reader.ReadInt32(), rowCount);
        reader.Check(segmentId > 0 && rowCount > 0, "a segment with rows");
        reader.Check(firstRows.TryGetValue(id, out long first), "the number of the first row");
        int count = reader.ReadCount(
            (int)Math.Min(rowCount, reader.Remaining / sizeof(int)), "dead rows");
        var dead = new int[count];
        for (int i = 0; i < count; i++)
        {
            dead[i] = reader.ReadInt32();
            reader.Check(dead[i] >= 0 && dead[i] < rowCount, "a row of the segment");
        }

        firstRows[id] = first + rowCount;
        return new AddedSegment(segmentId, first, info, dead);
    }
}
