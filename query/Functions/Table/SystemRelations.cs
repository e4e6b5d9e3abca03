using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Tables that the engine makes of its catalog when they are read: INFORMATION_SCHEMA,
/// sqlite_schema and neuro, and the table functions behind SHOW, DESCRIBE and PRAGMA.
/// </summary>
internal static class SystemRelations
{
    private static readonly Dictionary<string, TableFunction> Relations =
        new TableFunction[][]
        {
            InformationSchema.Relations,
            SqliteSchema.Relations,
            NeuroSchema.Relations,
            ModelRelations.Relations,
            ModelUpkeep.Relations,
            ModelViews.Relations,
        }
        .SelectMany(static group => group)
        .ToDictionary(static relation => relation.Name, StringComparer.OrdinalIgnoreCase);

    private static readonly Dictionary<string, TableFunction> Pragmas =
        SqliteSchema.Pragmas.ToDictionary(
            static relation => relation.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The relation of a name, or null; a table of that name goes before.</summary>
    public static TableFunction? Find(NameSyntax name, CatalogView catalog)
    {
        if (name.Qualifier is null && catalog.TryGetTable(name.Last, out _))
        {
            return null;
        }

        string full = name.Qualifier is { } schema
            && !string.Equals(schema, "main", StringComparison.OrdinalIgnoreCase)
            && !string.Equals(schema, "temp", StringComparison.OrdinalIgnoreCase)
            ? $"{schema}.{name.Last}"
            : name.Last;
        return Relations.GetValueOrDefault(full);
    }

    /// <summary>The table function of a PRAGMA that gives rows, or null.</summary>
    public static (TableFunction Function, IReadOnlyList<Expression> Arguments)? BindPragma(
        string name, IReadOnlyList<Expression> arguments, SourcePosition position) =>
        Pragmas.TryGetValue(name, out TableFunction? pragma)
            ? (pragma, [.. arguments.Select(
                argument => Coercion.To(argument, DataType.Text, position))])
            : null;

    /// <summary>Whether a statement reads the catalog rather than a setting.</summary>
    public static bool IsQuery(StatementSyntax syntax) => syntax switch
    {
        DescribeStatementSyntax => true,
        ShowStatementSyntax show => show.Name.Last.ToLowerInvariant() is "tables" or "views"
            or "sequences" or "databases" or "schemas" or "indexes",
        PragmaStatementSyntax pragma => Pragmas.ContainsKey("pragma_" + pragma.Name.Last),
        _ => false,
    };

    /// <summary>The query that such a statement stands for.</summary>
    public static SelectStatementSyntax QueryOf(StatementSyntax syntax)
    {
        string sql = syntax switch
        {
            DescribeStatementSyntax describe =>
                $"SELECT * FROM pragma_describe({SqlText.Literal(describe.Table.Key)})",
            PragmaStatementSyntax pragma =>
                $"SELECT * FROM pragma_{pragma.Name.Last.ToLowerInvariant()}("
                + (pragma.Value is { } value
                    ? SqlText.Literal(SettingStatements.Word(value))
                    : string.Empty) + ")",
            _ => ((ShowStatementSyntax)syntax).Name.Last.ToLowerInvariant() switch
            {
                "tables" => "SELECT table_name AS name FROM information_schema.tables ORDER BY 1",
                "views" => "SELECT table_name AS name FROM information_schema.views ORDER BY 1",
                "sequences" =>
                    "SELECT sequence_name AS name FROM information_schema.sequences ORDER BY 1",
                "indexes" =>
                    "SELECT name, tbl_name FROM sqlite_schema WHERE type = 'index' ORDER BY 1",
                _ => "SELECT schema_name AS name FROM information_schema.schemata ORDER BY 1",
            },
        };
        return (SelectStatementSyntax)SqlParser.Parse(sql)[0] with { Text = syntax.Text };
    }

    /// <summary>A relation over the tables and views of the catalog.</summary>
    public static TableFunction Relation(
        string name,
        (string Name, DataType Type)[] columns,
        Func<ExecutionContext, IEnumerable<Value[]>> read) =>
        new(name, columns, static _ => [])
        {
            RunIn = (_, context) => WithSchemas(columns, read(context), context),
        };

    // Readers give what objects are called in the catalog; a column xx_schema and the name behind
    // it say both parts.
    private static IEnumerable<Value[]> WithSchemas(
        (string Name, DataType Type)[] columns,
        IEnumerable<Value[]> rows,
        ExecutionContext context)
    {
        CatalogView catalog = context.Transaction.Catalog;
        int[] places = catalog.Objects.Any(
            static value => value.Kind == CatalogObjectKind.Schema)
            ? [.. Enumerable.Range(0, columns.Length - 1).Where(i =>
                columns[i].Name.EndsWith("_schema", StringComparison.Ordinal))]
            : [];
        foreach (Value[] row in rows)
        {
            foreach (int i in places.Where(i => row[i + 1].Kind == TypeKind.Text))
            {
                (string schema, string name) = SchemaNames.Split(row[i + 1].AsText(), catalog);
                (row[i], row[i + 1]) = (Value.Of(schema), Value.Of(name));
            }

            yield return row;
        }
    }

    /// <summary>The tables that statements can see, by name.</summary>
    public static IEnumerable<TableEntry> TablesOf(ExecutionContext context) =>
        HiddenTables.Without(context.Transaction.Catalog.Tables)
            .OrderBy(static table => table.Schema.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The objects of a kind, by name.</summary>
    public static IEnumerable<CatalogObject> ObjectsOf(
        CatalogObjectKind kind, ExecutionContext context) =>
        context.Transaction.Catalog.Objects
            .Where(value => value.Kind == kind)
            .OrderBy(static value => value.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The columns of a view as they are today; none if it is broken.</summary>
    public static IReadOnlyList<OutputColumn> ColumnsOf(
        CatalogObject view, ExecutionContext context)
    {
        try
        {
            var binder = new Binder(context.Transaction.Catalog, [], new NoticeList());
            return ViewBinder.Bind(view, binder, default).Output;
        }
        catch (NeuroStoreException)
        {
            return [];
        }
    }

    /// <summary>A text or NULL.</summary>
    public static Value Text(string? text) => text is null ? Value.Null : Value.Of(text);
}
