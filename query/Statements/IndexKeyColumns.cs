using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Indexes over expressions, and over the rows for which a condition holds. What is indexed stands
/// in columns of the table that no statement sees, generated of the expression; of rows without
/// the condition the first of them is NULL, which no other NULL equals. So storage, keys and
/// recovery know nothing of it, and UNIQUE means what it says.
/// </summary>
internal static class IndexKeyColumns
{
    private const string Case = "CASE WHEN (";
    private const string Then = ") THEN (";
    private const string End = ") END";

    private static readonly string Prefix = $"{ColumnSchema.OwnMark}key ";

    /// <summary>Whether an index needs columns of its own.</summary>
    public static bool AreNeeded(CreateIndexStatementSyntax syntax) => syntax.Where is not null
        || syntax.Columns.Any(static column => column.Expression is not null);

    /// <summary>Whether a column is one of an index.</summary>
    public static bool IsOne(ColumnSchema column) => column.Name.StartsWith(Prefix);

    /// <summary>What a column is called where somebody reads it.</summary>
    public static string Shown(ColumnSchema column) =>
        column.IsHidden ? "dropped column"
            : IsOne(column) ? Parts(column.GeneratedSql!).Value
            : column.Name.TrimStart(ColumnSchema.OwnMark);

    /// <summary>The table with the columns that an index needs, and the index over them.</summary>
    public static TableSchema Extend(
        CreateIndexStatementSyntax syntax,
        TableEntry table,
        Binder binder,
        out CreateIndexStatementSyntax plain)
    {
        List<ColumnSchema> columns = [.. table.Schema.Columns];
        Scope scope = binder.ScopeOf(binder.VisibleScan(table, table.Schema.Name));
        var keys = new IndexColumnSyntax[syntax.Columns.Count];
        for (int i = 0; i < keys.Length; i++)
        {
            IndexColumnSyntax key = syntax.Columns[i];
            bool isPartial = i == 0 && syntax.Where is not null;
            if (key.Expression is null && !isPartial)
            {
                keys[i] = key;
                continue;
            }

            string value = key.Expression is null ? SchemaText.Name(key.Column.Name) : key.Text;
            string sql = isPartial ? $"{Case}{syntax.WhereText}{Then}{value}{End}" : value;
            ColumnSchema column = columns.Find(one => IsOne(one) && one.GeneratedSql == sql)
                ?? Column(key, sql, columns.Count, table.Schema, binder, scope);
            if (!columns.Contains(column))
            {
                columns.Add(column);
            }

            keys[i] = key with
            {
                Column = new IdentifierSyntax(column.Name, IsQuoted: true)
                {
                    Position = key.Position,
                },
            };
        }

        plain = syntax with { Columns = keys };
        return table.Schema with { Columns = columns };
    }

    /// <summary>Takes the columns of an index away that is dropped, if no other needs them.
    /// </summary>
    public static void Release(IndexEntry index, ExecutionContext context)
    {
        CatalogView catalog = context.Transaction.Catalog;
        TableEntry? table = catalog.Tables.FirstOrDefault(one => one.Id == index.Schema.TableId);
        if (table is null)
        {
            return;
        }

        TableSchema schema = table.Schema;
        foreach (int ordinal in index.Schema.Ordinals)
        {
            if (IsOne(schema.Columns[ordinal]) && !catalog.IndexesOf(table).Any(
                other => other.Schema.Ordinals.Contains(ordinal)))
            {
                schema = AnswerColumns.Replace(
                    schema, ordinal, AnswerColumns.Dropped(schema, ordinal));
            }
        }

        if (!ReferenceEquals(schema, table.Schema))
        {
            context.Transaction.AlterTable(table, schema);
        }
    }

    /// <summary>The expressions that the indexes of a scanned table hold.</summary>
    public static IReadOnlyList<IndexedExpression> Of(LogicalScan scan, Binder binder)
    {
        var keys = new List<IndexedExpression>();
        Scope scope = binder.ScopeOf(scan);
        foreach (ScannedColumn column in scan.Columns)
        {
            ColumnSchema schema = scan.Table.Schema.Columns[column.Ordinal];
            if (IsOne(schema))
            {
                (string value, string? condition) = Parts(schema.GeneratedSql!);
                List<Expression> conditions = [];
                if (condition is not null)
                {
                    Conjuncts.Split(
                        binder.BindCondition(SqlParser.ParseExpression(condition), scope),
                        conditions);
                }

                keys.Add(new IndexedExpression(
                    column,
                    binder.BindScalar(SqlParser.ParseExpression(value), scope),
                    conditions));
            }
        }

        return keys;
    }

    /// <summary>What the text of a column indexes, and the condition on its rows or null.
    /// </summary>
    public static (string Value, string? Condition) Parts(string sql)
    {
        int at = sql.StartsWith(Case, StringComparison.Ordinal)
            && sql.EndsWith(End, StringComparison.Ordinal)
            ? EndOf(sql, Case.Length)
            : -1;
        return at >= 0 && sql.AsSpan(at).StartsWith(Then)
            ? (sql[(at + Then.Length)..^End.Length], sql[Case.Length..at])
            : (sql, null);
    }

    // Where the bracket closes that is open before a place; quoted brackets are none.
    private static int EndOf(string sql, int at)
    {
        int depth = 1;
        char quote = '\0';
        for (int i = at; i < sql.Length; i++)
        {
            char unit = sql[i];
            if (quote != '\0')
            {
                quote = unit == quote ? '\0' : quote;
            }
            else if (unit is '\'' or '"')
            {
                quote = unit;
            }
            else
            {
                depth += unit == '(' ? 1 : unit == ')' ? -1 : 0;
                if (depth == 0)
                {
                    return i;
                }
            }
        }

        return -1;
    }

    private static ColumnSchema Column(
        IndexColumnSyntax key,
        string sql,
        int ordinal,
        TableSchema table,
        Binder binder,
        Scope scope)
    {
        ColumnSchema? plain = key.Expression is null
            ? table.Columns[SchemaLookup.Ordinal(table, key.Column)]
            : null;
        Expression value = binder.BindScalar(SqlParser.ParseExpression(sql), scope);
        if (value.Any(static part => part is SubqueryExpression or ParameterExpression
            || !part.IsDeterministic))
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                "What an index holds depends on its row alone: queries, parameters, the time, "
                + "random values and the session have no place in it.",
                key.Position);
        }

        DataType type = plain?.Type ?? value.Type.Typed;
        return new ColumnSchema(
            $"{Prefix}{ordinal}: {key.Text}",
            type.Kind switch
            {
                TypeKind.Null => DataType.Text,
                TypeKind.Score or TypeKind.Distance => DataType.Double,
                _ => type,
            })
        {
            GeneratedSql = ModelText.Pin(sql, binder.Catalog),
            Collation = plain?.Collation,
        };
    }
}
