using System.Text;
using NeuroDb.Storage;

namespace NeuroDb;

/// <summary>Reads the committed definitions of tables and writes them as SQL.</summary>
internal static class CatalogReader
{
    /// <summary>The tables, ordered by name.</summary>
    public static List<TableSchema> Tables(StorageEngine storage)
    {
        using StorageTransaction transaction = storage.Begin();
        return [.. transaction.Catalog.Tables
            .Select(static entry => entry.Schema)
            .OrderBy(static schema => schema.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The CREATE TABLE statement that makes a table like this one.</summary>
    public static string ToSql(TableSchema schema)
    {
        var text = new StringBuilder("CREATE TABLE ").Append(Quote(schema.Name)).Append(" (");
        string separator = "\n  ";
        foreach (ColumnSchema column in schema.Columns)
        {
            text.Append(separator).Append(Quote(column.Name)).Append(' ').Append(column.Type);
            text.Append(column.IsNullable ? string.Empty : " NOT NULL");
            text.Append(column.DefaultSql is null ? string.Empty : $" DEFAULT {column.DefaultSql}");
            separator = ",\n  ";
        }

        foreach (KeySchema key in schema.Keys)
        {
            IEnumerable<string> names = key.Ordinals.Select(i => Quote(schema.Columns[i].Name));
            text.Append(separator).Append(key.IsPrimary ? "PRIMARY KEY (" : "UNIQUE (")
                .AppendJoin(", ", names).Append(')');
        }

        foreach (CheckSchema check in schema.Checks)
        {
            text.Append(separator).Append("CHECK (").Append(check.Sql).Append(')');
        }

        return text.Append("\n);").ToString();
    }

    private static string Quote(string name) => IsPlain(name)
        ? name
        : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static bool IsPlain(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0])
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
