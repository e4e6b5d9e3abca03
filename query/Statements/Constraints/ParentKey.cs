using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>The key that a foreign key refers to, in the catalog of a moment.</summary>
internal sealed class ParentKey
{
    private readonly int[] _order;

    private ParentKey(TableEntry table, int[] ordinals, UniqueKey key)
    {
        Table = table;
        Ordinals = ordinals;
        Key = key;
        _order = [.. key.Ordinals.Select(one => Array.IndexOf(ordinals, one))];
    }

    /// <summary>The referenced table.</summary>
    public TableEntry Table { get; }

    /// <summary>The referenced columns, in the order of the foreign key.</summary>
    public int[] Ordinals { get; }

    /// <summary>What makes the columns unique: a key, or an index.</summary>
    public UniqueKey Key { get; }

    /// <summary>The key; an error if there is none.</summary>
    public static ParentKey Of(
        ForeignKeySchema foreign, CatalogView catalog, SourcePosition position)
    {
        if (!catalog.TryGetTable(foreign.Table, out TableEntry table))
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownTable,
                $"The foreign key {foreign.Name} refers to {foreign.Table}, and there is no such "
                + "table.",
                position);
        }

        TableSchema schema = table.Schema;
        int[] ordinals = foreign.Columns.Count > 0
            ? [.. foreign.Columns.Select(name => SchemaLookup.Ordinal(
                schema, new IdentifierSyntax(name, true) { Position = position }))]
            : schema.Keys.FirstOrDefault(static key => key.IsPrimary)?.Ordinals ?? [];
        if (ordinals.Length != foreign.Ordinals.Length)
        {
            throw new NeuroStoreException(
                ErrorCode.WrongColumnCount,
                $"The foreign key {foreign.Name} has {foreign.Ordinals.Length} columns and refers "
                + $"to {ordinals.Length} of {schema.Name}; name the columns of a key of "
                + $"{schema.Name}.",
                position);
        }

        UniqueKey? found = Array.Find(
            UniqueKey.AllOf(table, catalog),
            key => key.Ordinals.Length == ordinals.Length
                && key.Ordinals.All(ordinals.Contains));
        return found is not null
            ? new ParentKey(table, ordinals, found)
            : throw new NeuroStoreException(
                ErrorCode.UnknownObject,
                $"The foreign key {foreign.Name} refers to ("
                + string.Join(", ", ordinals.Select(i => schema.Columns[i].Name))
                + $") of {schema.Name}, which is no primary or unique key.",
                position);
    }

    /// <summary>
    /// Those of many keys that are not there now, all looked up together; the others stay, or the
    /// commit is refused.
    /// </summary>
    /// <param name="keys">The values without NULLs, in the order of the foreign key.</param>
    /// <param name="types">Their types.</param>
    /// <param name="context">The execution.</param>
    public Value[][] Absent(
        IReadOnlyList<Value[]> keys, DataType[] types, ExecutionContext context)
    {
        var columns = new ColumnBuffer[types.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            ColumnBuilder builder = ColumnBuilder.Create(types[i], keys.Count);
            foreach (Value[] key in keys)
            {
                builder.Append(key[i]);
            }

            columns[i] = builder.Build();
        }

        bool[] areThere = AreThere(columns, keys.Count, context);
        return [.. keys.Where((_, i) => !areThere[i])];
    }

    /// <summary>
    /// Which of many keys are there now, all looked up together; they stay, or the commit is
    /// refused.
    /// </summary>
    /// <param name="columns">
    /// The values without NULLs, in the order of the foreign key, of the referencing columns'
    /// types.
    /// </param>
    /// <param name="count">How many keys.</param>
    /// <param name="context">The execution.</param>
    public bool[] AreThere(ColumnBuffer[] columns, int count, ExecutionContext context)
    {
        Invariant.Check(columns.Length == Ordinals.Length);
        ColumnBuffer[] sought = [.. _order.Select(i => Converted(
            columns[i], count, Table.Schema.Columns[Ordinals[i]].Type))];
        StorageTransaction transaction = context.Transaction;
        var found = new RowAddress?[count];
        Key.Find(transaction.Open(Table), sought, found);
        var areThere = new bool[count];
        for (int row = 0; row < count; row++)
        {
            areThere[row] = found[row] is not null;
            if (found[row] is { IsPending: false })
            {
                int at = row;
                Key.Guard(
                    transaction,
                    Table,
                    Array.ConvertAll(sought, column => column.GetValue(at)));
            }
        }

        return areThere;
    }

    // Keys are sought by values of the referenced columns' types.
    private static ColumnBuffer Converted(ColumnBuffer column, int count, DataType type)
    {
        if (column.Type.Physical == type.Physical)
        {
            return column;
        }

        ColumnBuilder builder = ColumnBuilder.Create(type, count);
        for (int row = 0; row < count; row++)
        {
            builder.Append(ValueConverter.Convert(
                column.GetValue(row), column.Type, type, CastKind.Explicit, default));
        }

        return builder.Build();
    }
}
