namespace NeuroDb.Storage;

/// <summary>The changes of the catalog.</summary>
internal sealed partial class TransactionReplay
{
    private void ReplayDefinition(
        RecordReader reader, ChangeKind kind, long timestamp, ref CatalogView catalog)
    {
        switch (kind)
        {
            case ChangeKind.CreateTable:
                Create(reader, timestamp, ref catalog);
                break;
            case ChangeKind.DropTable:
                TableEntry dropped = ReadTable(reader);
                catalog = catalog.Without(dropped, timestamp);
                _tables.Remove(dropped.Id);
                _scratch.Remove(dropped.Id);
                break;
            case ChangeKind.CreateIndex:
                CreateIndex(reader, timestamp, ref catalog);
                break;
            case ChangeKind.DropIndex:
                int dropId = reader.ReadInt32();
                IndexEntry? index = catalog.Indexes.FirstOrDefault(
                    known => known.Schema.Id == dropId);
                reader.Check(index is not null, "an index that is there");
                catalog = catalog.Without(index!, timestamp);
                break;
            case ChangeKind.AlterTable:
                Alter(reader, SchemaCodec.Decode, timestamp, ref catalog);
                break;
            case ChangeKind.TableDetails:
                Alter(reader, null, timestamp, ref catalog);
                break;
            case ChangeKind.PutObject:
                catalog = catalog.With(ObjectCodec.Decode(reader), timestamp);
                break;
            case ChangeKind.DropObject:
                CatalogObject gone = ObjectCodec.DecodeName(reader);
                reader.Check(
                    catalog.TryGetObject(gone.Kind, gone.Name, out _), "an object that is there");
                catalog = catalog.Without(gone, timestamp);
                break;
            default:
                throw reader.Bad("a change of unknown kind");
        }
    }

    private void Create(RecordReader reader, long timestamp, ref CatalogView catalog)
    {
        int id = reader.ReadInt32();
        TableSchema schema = SchemaCodec.Decode(reader);
        reader.Check(id > 0 && !_tables.ContainsKey(id), "a new table number");
        reader.Check(!catalog.TryGetTable(schema.Name, out _), "a new table name");
        var table = new TableEntry(id, schema);
        table.Rows.BeginReplay();
        catalog = catalog.With(table, timestamp);
        _tables.Add(id, table);
        LastTableId = Math.Max(LastTableId, id);
    }

    // Another schema, or the details of the one that is there.
    private void Alter(
        RecordReader reader,
        Func<RecordReader, TableSchema>? decode,
        long timestamp,
        ref CatalogView catalog)
    {
        TableEntry table = ReadTable(reader);
        TableSchema before = table.Schema;
        TableSchema schema = decode is null
            ? TableDetailsCodec.Decode(reader, before)
            : decode(reader);
        bool fits = schema.Columns.Count >= before.Columns.Count
            && schema.Keys.Count == before.Keys.Count
            && schema.IdentityOrdinal == before.IdentityOrdinal;
        for (int i = 0; fits && i < before.Columns.Count; i++)
        {
            fits = schema.Columns[i].Type.IsStoredAs(before.Columns[i].Type);
        }

        reader.Check(fits, "a definition that fits the rows");
        TableEntry altered = table.With(schema);
        table.Rows.Alter(schema);
        if (schema.Columns.Count > before.Columns.Count)
        {
            TableLayout layout = table.Rows.LayoutFor(schema);
            layout.Active.BeginReplay();
            table.Rows.Install(layout);
        }

        catalog = catalog.Replacing(table, altered, timestamp);
        _tables[table.Id] = altered;
        _scratch.Remove(table.Id);
    }

    private void CreateIndex(RecordReader reader, long timestamp, ref CatalogView catalog)
    {
        IndexSchema schema = IndexCodec.Decode(
            reader, id => _tables.GetValueOrDefault(id)?.Schema);
        reader.Check(!catalog.TryGetIndex(schema.Name, out _), "a new index name");
        catalog = catalog.With(new IndexEntry(schema), timestamp);
        LastTableId = Math.Max(LastTableId, schema.Id);
    }
}
