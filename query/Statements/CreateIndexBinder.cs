using System.Globalization;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Binds CREATE INDEX: the kind, the columns and the options.</summary>
internal static class CreateIndexBinder
{
    private static readonly HashSet<string> VectorClasses = new(
        ["vector", "halfvec", "int8vec", "bitvec", "bit", "sparsevec"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Measures = new(
        ["l2", "cosine", "ip", "l1", "hamming", "jaccard"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The bound statement.</summary>
    public static BoundStatement Bind(CreateIndexStatementSyntax syntax, Binder binder)
    {
        TableEntry table = binder.BindTable(syntax.Table);
        IndexKind kind = KindOf(syntax, binder);
        string name = syntax.Name is { } given
            ? SchemaNames.Beside(syntax.Table.Key, given.Name, binder.Catalog)
            : NameOf(syntax, binder.Catalog);
        TableSchema? extended = null;
        if (IndexKeyColumns.AreNeeded(syntax))
        {
            NotYet.Refuse(
                kind != IndexKind.Learned,
                "An expression or a condition in an index of this kind",
                syntax.Position);
            extended = IndexKeyColumns.Extend(syntax, table, binder, out syntax);
        }

        TableSchema indexed = extended ?? table.Schema;
        IndexColumn[] columns = [.. syntax.Columns.Select(
            column => BindColumn(column, indexed, kind))];
        Check(syntax, indexed, kind, columns);
        var schema = new IndexSchema
        {
            Id = 0,
            Name = name,
            TableId = table.Id,
            Kind = kind,
            IsUnique = syntax.IsUnique,
            Columns = columns,
            Options = OptionsOf(syntax.Options),
        };
        if (kind == IndexKind.Bm25)
        {
            _ = TextIndexOptions.Of(schema);
        }

        if (kind == IndexKind.Vector)
        {
            VectorIndexBinder.Check(schema, table.Schema, binder);
        }

        return new BoundCreateIndex(
            schema, table, syntax.IfNotExists && syntax.Name is not null, extended);
    }

    private static IndexKind KindOf(CreateIndexStatementSyntax syntax, Binder binder)
    {
        string method = syntax.Method?.Name.ToLowerInvariant() ?? "learned";
        switch (method)
        {
            case "learned":
                return IndexKind.Learned;
            case "btree" or "hash" or "tree":
                binder.Notices.Add(
                    $"USING {method} builds a learned index, which answers the same queries and "
                    + "falls back to a tree where the data defeat its model.");
                return IndexKind.Learned;
            case "vector":
                return IndexKind.Vector;
            case "hnsw" or "ivfflat" or "diskann":
                binder.Notices.Add(
                    $"USING {method} builds a vector index, whose structure is chosen by size and "
                    + "data.");
                return IndexKind.Vector;
            case "bm25":
                return IndexKind.Bm25;
            default:
                throw new NeuroStoreException(
                    ErrorCode.NotSupported,
                    $"There is no kind of index {method}; the kinds are learned, vector and bm25."
                    + NearMatch.Hint(method, ["learned", "vector", "bm25"]),
                    syntax.Method!.Position);
        }
    }

    private static IndexColumn BindColumn(
        IndexColumnSyntax column, TableSchema table, IndexKind kind)
    {
        string? operators = column.OperatorClass?.Name.ToLowerInvariant();
        if (operators is not null && !IsOperatorClass(operators, kind))
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                $"There is no operator class {operators} for this kind of index"
                + (kind == IndexKind.Vector
                    ? "; write vector_l2_ops, vector_cosine_ops, vector_ip_ops or bit_hamming_ops."
                    : "."),
                column.OperatorClass!.Position);
        }

        int ordinal = SchemaLookup.Ordinal(table, column.Column);
        if (kind == IndexKind.Vector && table.Columns[ordinal].Type.Kind == TypeKind.BitVector)
        {
            operators ??= "bit_hamming_ops";
        }

        // As in ORDER BY: NULL is lower than every value unless the statement says otherwise.
        bool isDescending = column.Direction == SortDirection.Descending;
        return new IndexColumn(
            ordinal,
            isDescending,
            column.Nulls == NullOrder.Default ? !isDescending : column.Nulls == NullOrder.First,
            operators);
    }

    // PostgreSQL's classes of ordered indexes ask for the order that is used here anyway.
    private static bool IsOperatorClass(string name, IndexKind kind)
    {
        string[] parts = name.Split('_');
        return kind == IndexKind.Vector
            ? parts is [var type, var measure, "ops"]
                && VectorClasses.Contains(type) && Measures.Contains(measure)
            : parts is [_, .., "ops"];
    }

    private static void Check(
        CreateIndexStatementSyntax syntax, TableSchema table, IndexKind kind, IndexColumn[] columns)
    {
        if (columns.DistinctBy(static column => column.Ordinal).Count() < columns.Length)
        {
            throw new NeuroStoreException(
                ErrorCode.DuplicateName,
                $"The index names a column of table {table.Name} twice; name it once.",
                syntax.Position);
        }

        if (kind != IndexKind.Learned && (columns.Length > 1 || syntax.IsUnique))
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                "An index of this kind has one column and cannot be UNIQUE.",
                syntax.Position);
        }
    }

    private static string NameOf(CreateIndexStatementSyntax syntax, CatalogView catalog)
    {
        string stem = string.Join(
            '_', syntax.Columns.Select(static column => column.Column.Name)
                .Prepend(syntax.Table.Key));
        stem = stem[..Math.Min(stem.Length, Limits.NameLengthMax - 16)] + "_idx";
        string name = stem;
        for (int i = 1; catalog.TryGetIndex(name, out _) || catalog.TryGetTable(name, out _); i++)
        {
            name = stem + i.ToString(CultureInfo.InvariantCulture);
        }

        return name;
    }

    private static IndexOption[] OptionsOf(IReadOnlyList<OptionSyntax> options)
    {
        var names = new HashSet<string>();
        foreach (OptionSyntax option in options)
        {
            if (!names.Add(option.Name.Name.ToLowerInvariant()))
            {
                throw new NeuroStoreException(
                    ErrorCode.DuplicateName,
                    $"The option {option.Name.Name} is given twice.",
                    option.Position);
            }
        }

        return [.. options
            .Select(static option => new IndexOption(
                option.Name.Name.ToLowerInvariant(), SettingStatements.Word(option.Value)))
            .OrderBy(static option => option.Name, StringComparer.Ordinal)];
    }
}
