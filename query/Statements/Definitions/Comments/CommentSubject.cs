using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>What a comment is on.</summary>
/// <param name="Kind">The word behind ON, in small letters.</param>
/// <param name="Key">What it is called in the catalog; of a column, its table.</param>
/// <param name="Column">The column; null for all else.</param>
internal readonly record struct CommentSubject(string Kind, string Key, string? Column = null)
{
    // Between the parts of a name in the catalog; no schema ends with it.
    private const char Separator = '\u001f';

    /// <summary>What the comment is called in the catalog.</summary>
    public string Name => Column is null
        ? $"{Kind}{Separator}{Key}"
        : $"{Kind}{Separator}{Key}{Separator}{Column}";

    /// <summary>The subject of a comment of the catalog.</summary>
    public static CommentSubject Of(CatalogObject comment)
    {
        string[] parts = comment.Name.Split(Separator);
        return new CommentSubject(parts[0], parts[1], parts.Length > 2 ? parts[2] : null);
    }

    /// <summary>The subject of a statement; an error if there is no such thing.</summary>
    public static CommentSubject Find(CommentStatementSyntax syntax, ExecutionContext context)
    {
        CatalogView catalog = context.Transaction.Catalog;
        string kind = syntax.Kind.ToLowerInvariant();
        switch (kind)
        {
            case "table":
                return new CommentSubject(kind, TableOf(syntax.Name, context).Schema.Name);
            case "column":
                return ColumnOf(syntax, context);
            case "index":
                return new CommentSubject(
                    kind, IndexLookup.Find(syntax.Name, catalog).Schema.Name);
            default:
                return new CommentSubject(
                    kind, ObjectLookup.Find(ObjectKindOf(kind)!.Value, syntax.Name, catalog).Name);
        }
    }

    /// <summary>Whether there is such a thing.</summary>
    public bool IsIn(CatalogView catalog) => Kind switch
    {
        "table" => catalog.TryGetTable(Key, out _),
        "column" => catalog.TryGetTable(Key, out TableEntry table)
            ? table.Schema.FindColumn(Column!) >= 0
            : catalog.TryGetObject(CatalogObjectKind.View, Key, out _),
        "index" => catalog.TryGetIndex(Key, out _),
        _ => ObjectKindOf(Kind) is { } kind && catalog.TryGetObject(kind, Key, out _),
    };

    private static CatalogObjectKind? ObjectKindOf(string kind) => kind switch
    {
        "view" => CatalogObjectKind.View,
        "trigger" => CatalogObjectKind.Trigger,
        "sequence" => CatalogObjectKind.Sequence,
        "model" => CatalogObjectKind.Model,
        "type" or "domain" => CatalogObjectKind.Type,
        "function" => CatalogObjectKind.Function,
        "schema" => CatalogObjectKind.Schema,
        _ => null,
    };

    private static CommentSubject ColumnOf(
        CommentStatementSyntax syntax, ExecutionContext context)
    {
        NameSyntax name = syntax.Name;
        if (name.Parts.Count < 2)
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownColumn,
                $"Which table has the column {name.Text}? Write COMMENT ON COLUMN table.column.",
                name.Position);
        }

        var owner = new NameSyntax([.. name.Parts.SkipLast(1)]) { Position = name.Position };
        if (context.Transaction.Catalog.TryGetObject(
            CatalogObjectKind.View, owner.Key, out CatalogObject view))
        {
            string[] known =
                [.. SystemRelations.ColumnsOf(view, context).Select(static item => item.Name)];
            return new CommentSubject("column", view.Name, Array.Find(
                known,
                item => item.Equals(name.Last, StringComparison.OrdinalIgnoreCase))
                ?? throw UnknownColumn(name, known));
        }

        TableSchema schema = TableOf(owner, context).Schema;
        int ordinal = schema.FindColumn(name.Last);
        return ordinal >= 0
            ? new CommentSubject("column", schema.Name, schema.Columns[ordinal].Name)
            : throw UnknownColumn(name, schema.Columns
                .Where(static column => !column.IsUnseen)
                .Select(static column => column.Name));
    }

    private static NeuroStoreException UnknownColumn(NameSyntax name, IEnumerable<string> known) =>
        new(
            ErrorCode.UnknownColumn,
            $"There is no column {name.Text}.{NearMatch.Hint(name.Last, known)}",
            name.Position);

    private static TableEntry TableOf(NameSyntax name, ExecutionContext context)
    {
        CatalogView catalog = context.Transaction.Catalog;
        if (!catalog.TryGetTable(name.Key, out TableEntry table) || HiddenTables.Contains(table))
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownTable,
                $"There is no table {name.Text}."
                + NearMatch.Hint(name.Key, HiddenTables.Without(catalog.Tables)
                    .Select(static other => other.Schema.Name)),
                name.Position);
        }

        return context.Transaction.IsTemporary(table)
            ? throw new NeuroStoreException(
                ErrorCode.NotSupported,
                $"{name.Text} is a temporary table; it cannot have comments.",
                name.Position)
            : table;
    }
}
