using System.Text;

namespace NeuroDb.Query;

/// <summary>Writes definitions as the statements that make them.</summary>
internal static class SchemaText
{
    /// <summary>The CREATE TABLE statement that makes a table like this one.</summary>
    public static string Of(TableSchema schema)
    {
        var text = new StringBuilder("CREATE TABLE ").Append(Name(schema.Name)).Append(" (");
        string separator = "\n  ";
        foreach (int ordinal in ShownColumns.Of(schema))
        {
            ColumnSchema column = schema.Columns[ordinal];
            text.Append(separator).Append(Name(column.Name));
            text.Append(column.Typing == ColumnTyping.Open ? string.Empty : $" {column.Type}");
            text.Append(column.Collation is null ? string.Empty : $" COLLATE {column.Collation}");
            text.Append(column.IsNullable ? string.Empty : " NOT NULL");
            text.Append(column.DefaultSql is null ? string.Empty : $" DEFAULT {column.DefaultSql}");
            AppendGeneration(text, column);
            text.Append(AnswerColumns.IsAsync(schema, ordinal) ? " ASYNC" : string.Empty);
            separator = ",\n  ";
        }

        foreach (KeySchema key in schema.Keys)
        {
            text.Append(separator).Append(key.IsPrimary ? "PRIMARY KEY (" : "UNIQUE (")
                .Append(Names(schema, key.Ordinals)).Append(')');
        }

        foreach (CheckSchema check in schema.Checks)
        {
            text.Append(separator).Append("CHECK (").Append(check.Sql).Append(')');
        }

        foreach (ForeignKeySchema key in schema.ForeignKeys)
        {
            text.Append(separator);
            AppendForeignKey(text, schema, key);
        }

        return text.Append("\n)").ToString();
    }

    /// <summary>The CREATE INDEX statement that makes an index like this one.</summary>
    public static string Of(IndexSchema index, TableSchema table)
    {
        IEnumerable<string> columns = index.Columns.Select(column =>
            Key(table.Columns[column.Ordinal]) + (column.IsDescending ? " DESC" : ""));
        ColumnSchema first = table.Columns[index.Columns[0].Ordinal];
        string? condition = IndexKeyColumns.IsOne(first)
            ? IndexKeyColumns.Parts(first.GeneratedSql!).Condition
            : null;
        return $"CREATE {(index.IsUnique ? "UNIQUE " : "")}INDEX {Name(index.Name)} ON "
            + $"{Name(table.Name)} ({string.Join(", ", columns)})"
            + (condition is null ? "" : $" WHERE {condition}");
    }

    private static string Key(ColumnSchema column) => IndexKeyColumns.IsOne(column)
        ? IndexKeyColumns.Shown(column)
        : Name(column.Name);

    /// <summary>A name, in quotes if it needs them.</summary>
    public static string Name(string name)
    {
        bool isPlain = name.Length > 0 && !char.IsAsciiDigit(name[0])
            && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');
        return isPlain ? name : SqlText.Quote(name);
    }

    private static string Names(TableSchema schema, int[] ordinals) =>
        string.Join(", ", ordinals.Select(i => Name(schema.Columns[i].Name)));

    private static void AppendGeneration(StringBuilder text, ColumnSchema column)
    {
        if (column.GeneratedSql is not null)
        {
            text.Append(" GENERATED ALWAYS AS (").Append(column.GeneratedSql)
                .Append(column.IsVirtual ? ") VIRTUAL" : ") STORED");
        }
        else if (column.Identity != ColumnIdentity.None && column.DefaultSql is null)
        {
            text.Append(" GENERATED ")
                .Append(column.Identity == ColumnIdentity.Always ? "ALWAYS" : "BY DEFAULT")
                .Append(" AS IDENTITY");
        }
    }

    private static void AppendForeignKey(
        StringBuilder text, TableSchema schema, ForeignKeySchema key)
    {
        text.Append("FOREIGN KEY (").Append(Names(schema, key.Ordinals)).Append(") REFERENCES ")
            .Append(Name(key.Table));
        if (key.Columns.Count > 0)
        {
            text.Append(" (").AppendJoin(", ", key.Columns.Select(Name)).Append(')');
        }

        if (key.OnDelete != ForeignKeyAction.NoAction)
        {
            text.Append(" ON DELETE ").Append(InformationSchema.RuleOf(key.OnDelete));
        }

        if (key.OnUpdate != ForeignKeyAction.NoAction)
        {
            text.Append(" ON UPDATE ").Append(InformationSchema.RuleOf(key.OnUpdate));
        }

        text.Append(key.IsDeferred ? " DEFERRABLE INITIALLY DEFERRED" : string.Empty);
    }
}
