using NeuroDb.Query;

namespace NeuroDb;

/// <summary>Reads the names of tables and columns through ordinary statements.</summary>
internal static class CatalogReader
{
    /// <summary>The names of the tables, in order.</summary>
    public static List<string> Tables(Session session)
    {
        var names = new List<string>();
        using ResultReader reader = session.Query("SHOW TABLES");
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    /// <summary>The columns of a table.</summary>
    public static IReadOnlyList<OutputColumn> Columns(Session session, string table)
    {
        string name = table.Replace("\"", "\"\"", StringComparison.Ordinal);
        using StatementResult result = session.RunScript(
            $"SELECT * FROM \"{name}\" LIMIT 0", default, out _, default);
        return result.Columns;
    }
}
