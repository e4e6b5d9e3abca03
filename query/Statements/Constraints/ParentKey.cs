using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>The key that a foreign key refers to, in the catalog of a moment.</summary>
internal sealed class ParentKey
{
    private readonly int _key;
    private readonly int[] _order;

    private ParentKey(TableEntry table, int[] ordinals, int key, int[] order)
    {
        Table = table;
        Ordinals = ordinals;
        _key = key;
        _order = order;
    }

    /// <summary>The referenced table.</summary>
    public TableEntry Table { get; }

    /// <summary>The referenced columns, in the order of the foreign key.</summary>
    public int[] Ordinals { get; }

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

        for (int i = 0; i < schema.Keys.Count; i++)
        {
            int[] key = schema.Keys[i].Ordinals;
            if (key.Length == ordinals.Length && key.All(ordinals.Contains))
            {
                return new ParentKey(
                    table, ordinals, i, [.. key.Select(one => Array.IndexOf(ordinals, one))]);
            }
        }

        bool isUnique = catalog.IndexesOf(table).Any(index => index.Schema.IsUnique
            && index.Schema.Ordinals.Length == ordinals.Length
            && index.Schema.Ordinals.All(ordinals.Contains));
        return isUnique
            ? new ParentKey(table, ordinals, -1, [])
            : throw new NeuroStoreException(
                ErrorCode.UnknownObject,
                $"The foreign key {foreign.Name} refers to ("
                + string.Join(", ", ordinals.Select(i => schema.Columns[i].Name))
                + $") of {schema.Name}, which is no primary or unique key.",
                position);
    }

    /// <summary>Whether the key is there now; it stays, or the commit is refused.</summary>
    public bool IsThere(Value[] values, ExecutionContext context)
    {
        StorageTransaction transaction = context.Transaction;
        if (_key < 0)
        {
            transaction.GuardRows(Table);
            return IsScanned(values, context);
        }

        Value[] sought = [.. _order.Select(i => values[i])];
        bool isThere = transaction.Open(Table).TryFind(_key, sought, out RowAddress row);
        if (isThere && !row.IsPending)
        {
            transaction.GuardKey(Table, _key, sought);
        }

        return isThere;
    }

    private bool IsScanned(Value[] values, ExecutionContext context)
    {
        string conditions = string.Join(" AND ", Ordinals.Select((ordinal, i) =>
            string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{SqlText.Quote(Table.Schema.Columns[ordinal].Name)} = ?{i + 1}")));
        return InternalQuery.Any(
            $"SELECT 1 FROM {SqlText.Quote(Table.Schema.Name)} WHERE {conditions}",
            context.ForParameters(values));
    }
}
