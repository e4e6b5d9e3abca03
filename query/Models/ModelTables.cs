using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The tables in which models lie. Their names cannot be written by statements; what they hold is
/// read as neuro.models and its neighbours. They are ordinary tables, so that transactions,
/// crashes, encryption and backups are as with all rows.
/// </summary>
internal static class ModelTables
{
    private const string Prefix = "model ";

    /// <summary>
    /// One row for each version: its header, and how often its test rows were used.
    /// </summary>
    public static readonly TableSchema Versions = Make(
        "versions", 1, ("identity", DataType.Text), ("header", DataType.Blob),
        ("facts", DataType.Json), ("test_uses", DataType.BigInt));

    /// <summary>
    /// One row for each tensor of a version; the numbers of a small one stand in it.
    /// </summary>
    public static readonly TableSchema Tensors = Make(
        "tensors", 2, ("identity", DataType.Text), ("ordinal", DataType.BigInt),
        ("name", DataType.Text), ("shape", DataType.Text), ("sha256", DataType.Text),
        ("data", DataType.Blob));

    /// <summary>The numbers of large tensors, in pieces, each stored once by its hash.</summary>
    public static readonly TableSchema Weights = Make(
        "weights", 2, ("sha256", DataType.Text), ("piece", DataType.BigInt),
        ("data", DataType.Blob));

    /// <summary>One row for each pass of each training.</summary>
    public static readonly TableSchema Log = Make(
        "training log", 2, ("identity", DataType.Text), ("epoch", DataType.BigInt),
        ("step", DataType.BigInt), ("loss", DataType.Double),
        ("validation_loss", DataType.Double), ("validation_accuracy", DataType.Double),
        ("learning_rate", DataType.Double), ("rows_per_second", DataType.Double),
        ("seconds", DataType.Double), ("is_best", DataType.Boolean));

    /// <summary>One row for each line within the passes of a training that asked for them.
    /// </summary>
    public static readonly TableSchema Steps = Make(
        "training steps", 2, ("identity", DataType.Text), ("number", DataType.BigInt),
        ("epoch", DataType.BigInt), ("step", DataType.BigInt), ("loss", DataType.Double),
        ("learning_rate", DataType.Double), ("rows_per_second", DataType.Double),
        ("seconds", DataType.Double));

    /// <summary>One row for each row that a contract of precision left out.</summary>
    public static readonly TableSchema Abstained = Make(
        "abstained", 1, ("number", DataType.BigInt), ("query_id", DataType.BigInt),
        ("model", DataType.Text), ("version", DataType.Integer), ("target", DataType.Text),
        ("label", DataType.Text), ("probability", DataType.Double),
        ("threshold", DataType.Double), ("inputs", DataType.Json),
        ("abstained_at", DataType.Timestamp));

    /// <summary>One row for each time that a version was judged.</summary>
    public static readonly TableSchema Evaluations = Make(
        "evaluations", 2, ("identity", DataType.Text), ("number", DataType.BigInt),
        ("evaluated_at", DataType.Timestamp), ("part", DataType.Text),
        ("row_count", DataType.BigInt), ("metric", DataType.Text), ("value", DataType.Double),
        ("low", DataType.Double), ("high", DataType.Double), ("baseline", DataType.Double),
        ("verdict", DataType.Text), ("split_hash", DataType.Text));

    /// <summary>One row for each trial of a search, by the version that came of it.</summary>
    public static readonly TableSchema Trials = Make(
        "trials", 2, ("identity", DataType.Text), ("number", DataType.BigInt),
        ("options", DataType.Text), ("metric", DataType.Text), ("value", DataType.Double),
        ("validation_rows", DataType.BigInt), ("train_rows", DataType.BigInt),
        ("epochs", DataType.BigInt), ("seconds", DataType.Double), ("state", DataType.Text));

    /// <summary>One row for each thing that was done to a model.</summary>
    public static readonly TableSchema Audit = Make(
        "audit", 2, ("key", DataType.Text), ("number", DataType.BigInt),
        ("at", DataType.Timestamp), ("action", DataType.Text), ("model", DataType.Text),
        ("version", DataType.BigInt), ("statement", DataType.Text),
        ("freed_bytes", DataType.BigInt));

    /// <summary>One row for each column of each comparison with the training rows.</summary>
    public static readonly TableSchema Drift = Make(
        "drift", 2, ("identity", DataType.Text), ("number", DataType.BigInt),
        ("feature", DataType.Text), ("psi", DataType.Double), ("ks", DataType.Double),
        ("row_count", DataType.BigInt), ("at", DataType.Timestamp));

    /// <summary>All of them.</summary>
    public static readonly TableSchema[] All =
        [Versions, Tensors, Weights, Log, Steps, Abstained, Evaluations, Trials, Audit, Drift];

    /// <summary>Whether a table is one of these.</summary>
    public static bool IsOwn(string table) =>
        table.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        && Array.Exists(All, it => it.Name.Equals(table, StringComparison.OrdinalIgnoreCase));

    /// <summary>The table of a schema, made if it is not there.</summary>
    public static TableEntry Ensure(TableSchema schema, StorageTransaction transaction) =>
        transaction.Catalog.TryGetTable(schema.Name, out TableEntry table)
            ? table
            : transaction.CreateTable(schema);

    /// <summary>The row of a key, or null.</summary>
    public static Value[]? Find(
        TableSchema schema, StorageTransaction transaction, out long rowId, params Value[] key)
    {
        rowId = 0;
        if (!transaction.Catalog.TryGetTable(schema.Name, out TableEntry table))
        {
            return null;
        }

        TableSnapshot snapshot = transaction.Open(table);
        if (!snapshot.TryFind(0, key, out RowAddress row))
        {
            return null;
        }

        rowId = row.RowId;
        return [.. Enumerable.Range(0, schema.Columns.Count).Select(
            column => snapshot.Fetch(column, [row]).GetValue(0))];
    }

    /// <summary>Adds a row.</summary>
    public static void Insert(
        TableSchema schema, StorageTransaction transaction, params Value[] row) =>
        transaction.Insert(Ensure(schema, transaction), ToBatch(schema, row));

    /// <summary>Replaces a row.</summary>
    public static void Update(
        TableSchema schema, StorageTransaction transaction, long rowId, params Value[] row) =>
        transaction.Update(Ensure(schema, transaction), [rowId], ToBatch(schema, row));

    /// <summary>
    /// Removes the rows of an identity, which are numbered from a number on without gaps.
    /// </summary>
    public static void Delete(
        TableSchema schema, StorageTransaction transaction, string identity, long first)
    {
        for (long number = first;
            Find(schema, transaction, out long rowId, Value.Of(identity), Value.Of(number))
                is not null;
            number++)
        {
            transaction.Delete(Ensure(schema, transaction), [rowId]);
        }
    }

    /// <summary>The rows of an identity, which are numbered from a number on.</summary>
    public static IEnumerable<Value[]> RowsOf(
        TableSchema schema, StorageTransaction transaction, string identity, long first)
    {
        for (long number = first;
            Find(schema, transaction, out _, Value.Of(identity), Value.Of(number)) is { } row;
            number++)
        {
            yield return row;
        }
    }

    /// <summary>All rows of a table, in no order.</summary>
    public static IEnumerable<Value[]> AllRows(
        TableSchema schema, StorageTransaction transaction)
    {
        if (!transaction.Catalog.TryGetTable(schema.Name, out TableEntry table))
        {
            yield break;
        }

        TableSnapshot snapshot = transaction.Open(table);
        for (int i = 0; i < snapshot.SliceCount; i++)
        {
            TableSlice slice = snapshot.Slice(i);
            ColumnBuffer[] columns =
                [.. Enumerable.Range(0, schema.Columns.Count).Select(slice.Column)];
            for (int row = 0; row < slice.Count; row++)
            {
                if (slice.IsVisible(row))
                {
                    yield return [.. columns.Select(column => column.GetValue(row))];
                }
            }
        }
    }

    /// <summary>Adds rows.</summary>
    public static void InsertAll(
        TableSchema schema, StorageTransaction transaction, IReadOnlyList<Value[]> rows)
    {
        ColumnBuilder[] columns = [.. schema.Columns.Select(
            column => ColumnBuilder.Create(column.Type, rows.Count))];
        foreach (Value[] row in rows)
        {
            Invariant.Check(row.Length == columns.Length);
            for (int i = 0; i < columns.Length; i++)
            {
                columns[i].Append(row[i]);
            }
        }

        transaction.Insert(
            Ensure(schema, transaction),
            new RowBatch([.. columns.Select(static it => it.Build())], rows.Count));
    }

    private static RowBatch ToBatch(TableSchema schema, Value[] row)
    {
        Invariant.Check(row.Length == schema.Columns.Count);
        return new RowBatch(
            [.. row.Select((value, i) =>
                ColumnBuffer.Constant(schema.Columns[i].Type, value, 1))],
            1);
    }

    private static TableSchema Make(
        string name, int keyColumns, params (string Name, DataType Type)[] columns) => new()
    {
        Name = Prefix + name,
        Columns = [.. columns.Select((column, i) =>
            new ColumnSchema(column.Name, column.Type, IsNullable: i >= keyColumns))],
        Keys =
        [
            new KeySchema(
                $"model_{name.Replace(' ', '_')}_pkey",
                [.. Enumerable.Range(0, keyColumns)],
                IsPrimary: true),
        ],
    };
}
