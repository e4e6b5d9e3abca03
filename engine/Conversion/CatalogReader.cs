using NeuroDb.Query;
using NeuroDb.Storage;

namespace NeuroDb;

/// <summary>Reads the committed definitions of tables and writes them as SQL.</summary>
internal static class CatalogReader
{
    /// <summary>The tables, ordered by name.</summary>
    public static List<TableSchema> Tables(StorageEngine storage)
    {
        using StorageTransaction transaction = storage.Begin();
        return [.. HiddenTables.Without(transaction.Catalog.Tables)
            .Select(static entry => entry.Schema)
            .OrderBy(static schema => schema.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The CREATE TABLE statement that makes a table like this one.</summary>
    public static string ToSql(TableSchema schema) => SchemaText.Of(schema) + ";";
}
