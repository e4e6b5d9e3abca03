using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Reads the rows of a table that have one of some primary or unique keys, through the key's
/// index, in the order of the keys; each row once.
/// </summary>
internal sealed class KeyLookup(
    TableEntry table,
    int keyOrdinal,
    Expression[][] keys,
    int[] ordinals,
    bool withRowAddress,
    IReadOnlyList<OutputColumn> output)
    : PlanNode(output)
{
    /// <summary>The table.</summary>
    public TableEntry Table { get; } = table;

    /// <summary>The index into the keys of the schema.</summary>
    public int KeyOrdinal { get; } = keyOrdinal;

    /// <summary>The keys; for each a value without columns for each column of the key.</summary>
    public Expression[][] Keys { get; } = keys;

    /// <summary>The ordinals of the columns read.</summary>
    public int[] Ordinals { get; } = ordinals;

    /// <summary>Whether the last column is where the row lies.</summary>
    public bool WithRowAddress { get; } = withRowAddress;

    /// <summary>The rows of its one key under many contexts, looked up together.</summary>
    /// <param name="contexts">The contexts, of one transaction; they give the key's values.</param>
    /// <returns>For each a batch of one row, or null if there is none.</returns>
    public RowBatch?[] ReadMany(IReadOnlyList<ExecutionContext> contexts)
    {
        Invariant.Check(Keys.Length == 1 && contexts.Count > 0);
        (int[] found, RowBatch? all) = ReadMany(
            contexts.Count,
            (i, column) => Conditions.ValueOf(Keys[0][column], contexts[i]),
            contexts[0]);
        var rows = new RowBatch?[contexts.Count];
        for (int i = 0; i < found.Length; i++)
        {
            rows[found[i]] = all!.Slice(i, 1);
        }

        return rows;
    }

    /// <summary>The rows of many keys, looked up together.</summary>
    /// <param name="count">How many keys.</param>
    /// <param name="value">The value of a key in a column of the key.</param>
    /// <param name="context">The execution.</param>
    /// <returns>The keys of which there is a row, ascending, and these rows; null for none.
    /// </returns>
    public (int[] Found, RowBatch? Rows) ReadMany(
        int count, Func<int, int, Value> value, ExecutionContext context)
    {
        TableSnapshot snapshot = context.Open(Table);
        var places = new RowPlace[count];
        snapshot.FindMany(KeyOrdinal, KeyColumns(count, value), places);
        int[] found = [.. Enumerable.Range(0, count).Where(i => places[i].Row >= 0)];
        return found.Length == 0 ? (found, null) : (found, PlacedRows.Fetch(
            snapshot, Ordinals, WithRowAddress, Array.ConvertAll(found, i => places[i])));
    }

    /// <summary>Keys as columns of the key's types.</summary>
    /// <param name="count">How many keys.</param>
    /// <param name="value">The value of a key in a column of the key.</param>
    public ColumnBuffer[] KeyColumns(int count, Func<int, int, Value> value)
    {
        int[] ordinals = Table.Schema.Keys[KeyOrdinal].Ordinals;
        var columns = new ColumnBuffer[ordinals.Length];
        for (int column = 0; column < columns.Length; column++)
        {
            ColumnBuilder builder = ColumnBuilder.Create(
                Table.Schema.Columns[ordinals[column]].Type, count);
            for (int i = 0; i < count; i++)
            {
                builder.Append(value(i, column));
            }

            columns[column] = builder.Build();
        }

        return columns;
    }

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => Keys.SelectMany(key => key);

    /// <inheritdoc/>
    public override string Describe()
    {
        KeySchema key = Table.Schema.Keys[KeyOrdinal];
        IEnumerable<string> names = key.Ordinals.Select(i => Table.Schema.Columns[i].Name);
        string what = Keys.Length == 1
            ? string.Join(", ", Keys[0].Select(value => value.ToString()))
            : $"{Keys.Length} keys";
        string kind = key.IsPrimary ? "primary key" : "unique key";
        string how = Keys.Length == 1 ? "lookup" : "batched lookup";
        return $"{how} {Table.Schema.Name} by {kind} ({string.Join(", ", names)}) = {what}";
    }

    /// <inheritdoc/>
    public override PlanNode? TrySelect(
        int[] ordinals, IReadOnlyList<OutputColumn> columns) =>
        ordinals.SkipLast(1).Any(ordinal => !IsOrdinary(ordinal)) ? null : new KeyLookup(
            Table,
            KeyOrdinal,
            Keys,
            [.. ordinals.Where(IsOrdinary).Select(ordinal => Ordinals[ordinal])],
            ordinals.Any(ordinal => !IsOrdinary(ordinal)),
            columns)
        {
            Estimate = Estimate,
        };

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new KeyLookupCursor(this, context);

    private bool IsOrdinary(int ordinal) => ordinal < Ordinals.Length;
}
