using System.Globalization;

namespace NeuroDb.Storage;

/// <summary>
/// Writes salvaged rows into a new database. Where a lost commit left two versions of one key, the
/// one with the greater number is newer and is kept. Rows of which some values are lost go, with
/// the values that are left, into a table beside their own: nothing stands in a table that was not
/// stored there.
/// </summary>
internal sealed class SalvageTarget
{
    private const string LostColumn = "lost_columns";
    private readonly StorageEngine _engine;
    private readonly LossList _losses;
    private readonly LargeValueSalvage _large;
    private readonly HashSet<string> _names;
    private readonly List<TableEntry> _tables = [];
    private readonly Dictionary<TableEntry, TableEntry> _incomplete = [];

    /// <summary>Starts with nothing written.</summary>
    /// <param name="engine">The new database.</param>
    /// <param name="losses">Takes what is lost.</param>
    /// <param name="large">Opens the large values.</param>
    /// <param name="names">The names of all tables that are to come.</param>
    public SalvageTarget(
        StorageEngine engine,
        LossList losses,
        LargeValueSalvage large,
        IEnumerable<string> names)
    {
        _large = large;
        _engine = engine;
        _losses = losses;
        _names = new HashSet<string>(names, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The tables that were made.</summary>
    public IReadOnlyList<TableEntry> Tables => _tables;

    /// <summary>Makes a table.</summary>
    public TableEntry Create(TableSchema schema)
    {
        using StorageTransaction transaction = _engine.Begin();
        TableEntry table = transaction.CreateTable(schema);
        transaction.Commit(Durability.Async);
        _tables.Add(table);
        return table;
    }

    /// <summary>Makes the indexes of a table again, when its rows are there.</summary>
    public void CreateIndexes(TableEntry table, IEnumerable<IndexSchema> indexes)
    {
        foreach (IndexSchema index in indexes)
        {
            try
            {
                using StorageTransaction transaction = _engine.Begin();
                transaction.CreateIndex(index with { TableId = table.Id });
                transaction.Commit(Durability.Async);
            }
            catch (NeuroStoreException failure)
                when (failure.Code is ErrorCode.UniqueViolation or ErrorCode.IndexExists)
            {
                _losses.Add(
                    table.Schema.Name, string.Empty, -1,
                    $"index {index.Name} is not there: {failure.Message}");
            }
        }
    }

    /// <summary>Puts views, triggers and the like; they are texts and need no table.</summary>
    public void PutObjects(IReadOnlyCollection<CatalogObject> objects)
    {
        if (objects.Count == 0)
        {
            return;
        }

        using StorageTransaction transaction = _engine.Begin();
        foreach (CatalogObject value in objects)
        {
            transaction.PutObject(value);
        }

        transaction.Commit(Durability.Async);
    }

    /// <summary>
    /// Makes a table for rows of which nobody knows whether they were committed.
    /// </summary>
    public TableEntry CreateUnconfirmed(TableSchema schema, string path)
    {
        string name = NewName(schema.Name, "unconfirmed");
        _losses.Add(
            schema.Name, path, -1,
            $"whether its rows were committed is not known: they are in table {name}");
        return Create(new TableSchema { Name = name, Columns = schema.Columns });
    }

    /// <summary>Writes rows of a chunk, whose numbers lie above those of all before.</summary>
    /// <param name="table">The table.</param>
    /// <param name="schema">The table as it was.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="rows">The rows of the chunk, ascending.</param>
    public void Append(
        TableEntry table, TableSchema schema, SalvagedChunk chunk, List<int> rows)
    {
        chunk = _large.Check(table.Schema.Name, schema, chunk, rows);
        if (chunk.IsWhole)
        {
            Append(table, chunk.Columns, rows);
            return;
        }

        var incomplete = new List<int>();
        var whole = new List<int>();
        foreach (int row in rows)
        {
            int lost = chunk.LostCount(row);
            if (lost == 0)
            {
                whole.Add(row);
            }
            else if (lost < chunk.Columns.Length)
            {
                incomplete.Add(row);
            }
        }

        Append(table, chunk.Columns, whole);
        if (incomplete.Count > 0)
        {
            AppendIncomplete(table, schema, chunk, incomplete);
        }
    }

    private void Append(TableEntry table, ColumnStore[] columns, List<int> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        using StorageTransaction transaction = _engine.Begin();
        try
        {
            transaction.Insert(table, Gather(table.Schema, columns, rows));
        }
        catch (ConstraintException)
        {
            foreach (int row in rows)
            {
                Replace(transaction, table, columns, row);
            }
        }

        transaction.Commit(Durability.Async);
    }

    private void AppendIncomplete(
        TableEntry table, TableSchema schema, SalvagedChunk chunk, List<int> rows)
    {
        TableEntry other = IncompleteOf(table, schema);
        var columns = new List<ColumnBuffer>(other.Schema.Columns.Count);
        ColumnBuilder names = ColumnBuilder.Create(DataType.Text, rows.Count);
        foreach (int row in rows)
        {
            names.Append(Value.Of(string.Join(", ", Enumerable.Range(0, chunk.Columns.Length)
                .Where(column => chunk.Lost[column]?[row] == true)
                .Select(column => schema.Columns[column].Name))));
        }

        if (other.Schema.Columns.Count > chunk.Columns.Length)
        {
            columns.Add(names.Build());
        }

        for (int column = 0; column < chunk.Columns.Length; column++)
        {
            ColumnBuilder values = ColumnBuilder.Create(
                schema.Columns[column].Type, rows.Count);
            foreach (int row in rows)
            {
                bool isLost = chunk.Lost[column]?[row] == true;
                values.Append(
                    isLost ? Value.Null : _large.ValueOf(chunk.Columns[column], row));
            }

            columns.Add(values.Build());
        }

        using StorageTransaction transaction = _engine.Begin();
        transaction.Insert(other, new RowBatch([.. columns], rows.Count));
        transaction.Commit(Durability.Async);
    }

    private TableEntry IncompleteOf(TableEntry table, TableSchema schema)
    {
        if (_incomplete.TryGetValue(table, out TableEntry? known))
        {
            return known;
        }

        string lost = LostColumn;
        while (schema.FindColumn(lost) >= 0)
        {
            lost += "_";
        }

        // A table of the most columns has no room for one more.
        string name = NewName(table.Schema.Name, "incomplete");
        bool hasRoom = schema.Columns.Count < Limits.ColumnCountMax;
        ColumnSchema[] first = hasRoom ? [new ColumnSchema(lost, DataType.Text)] : [];
        TableEntry made = Create(new TableSchema
        {
            Name = name,
            Columns =
            [
                .. first,
                .. schema.Columns.Select(
                    static column => new ColumnSchema(column.Name, column.Type)),
            ],
        });
        _losses.Add(
            table.Schema.Name, string.Empty, -1,
            $"rows of which some values are lost are in table {name}"
            + (hasRoom ? $"; its column {lost} says which" : string.Empty));
        _incomplete.Add(table, made);
        return made;
    }

    private string NewName(string name, string suffix)
    {
        string stem = name.Length + suffix.Length + 4 <= Limits.NameLengthMax
            ? name
            : name[..(Limits.NameLengthMax - suffix.Length - 4)];
        string made = $"{stem}_{suffix}";
        for (int copy = 2; !_names.Add(made); copy++)
        {
            made = string.Create(CultureInfo.InvariantCulture, $"{stem}_{suffix}{copy}");
        }

        return made;
    }

    private RowBatch Gather(TableSchema schema, ColumnStore[] columns, List<int> rows)
    {
        var buffers = new ColumnBuffer[columns.Length];
        for (int i = 0; i < buffers.Length; i++)
        {
            ColumnStore store = ColumnStore.Create(schema.Columns[i].Type);
            store.Reserve(rows.Count);
            int start = 0;
            while (start < rows.Count)
            {
                int run = 1;
                while (start + run < rows.Count && rows[start + run] == rows[start] + run)
                {
                    run++;
                }

                store.Copy(start, columns[i], rows[start], run);
                start += run;
            }

            buffers[i] = store.View(rows.Count, _large.Source);
        }

        return new RowBatch(buffers, rows.Count);
    }

    private void Replace(
        StorageTransaction transaction, TableEntry table, ColumnStore[] columns, int row)
    {
        TableSchema schema = table.Schema;
        foreach (int key in Enumerable.Range(0, schema.Keys.Count))
        {
            Value[] values = [.. schema.Keys[key].Ordinals.Select(
                ordinal => columns[ordinal].IsNull(row)
                    ? Value.Null
                    : columns[ordinal].ValueAt(row))];
            bool isThere = transaction.Open(table).TryFind(key, values, out RowAddress older);
            if (isThere)
            {
                transaction.Delete(table, [older.RowId]);
                _losses.Add(
                    schema.Name,
                    string.Empty,
                    -1,
                    $"two rows have the same key {schema.Keys[key].Name}; the newer one is kept, "
                    + "since the older one must have ended in a commit that is lost");
            }
        }

        transaction.Insert(table, Gather(schema, columns, [row]));
    }
}
