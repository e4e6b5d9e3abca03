using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Schemas: names before the names of tables and other objects. What is in the schema main, which
/// is also called public, is known by its name alone; what is in another one is called in the
/// catalog by both names with a point between.
/// </summary>
internal static class SchemaNames
{
    private static readonly HashSet<string> Reserved =
        new(StringComparer.OrdinalIgnoreCase)
        {
            "main", "public", "temp", "pg_temp", "information_schema", "neuro", "ml",
            "pg_catalog", "sqlite",
        };

    /// <summary>Whether objects of a schema are known by their names alone.</summary>
    public static bool IsMain(string schema) =>
        schema.Equals("main", StringComparison.OrdinalIgnoreCase)
        || schema.Equals("public", StringComparison.OrdinalIgnoreCase)
        || schema.Equals("temp", StringComparison.OrdinalIgnoreCase)
        || schema.Equals("pg_temp", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a schema of a name cannot be made or dropped.</summary>
    public static bool IsReserved(string schema) => Reserved.Contains(schema);

    /// <summary>Raises an error if a name has a schema that is not there.</summary>
    public static void Check(NameSyntax name, CatalogView catalog)
    {
        if (name.Qualifier is { } schema && !IsMain(schema)
            && !catalog.TryGetObject(CatalogObjectKind.Schema, schema, out _))
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownTable,
                $"There is no schema {schema}; CREATE SCHEMA makes one, and other tables are in "
                + "the schema main.",
                name.Position);
        }
    }

    /// <summary>The schema of an object by what it is called in the catalog, and its own name.
    /// </summary>
    public static (string Schema, string Name) Split(string key, CatalogView catalog)
    {
        int point = key.IndexOf('.', StringComparison.Ordinal);
        return point > 0
            && catalog.TryGetObject(
                CatalogObjectKind.Schema, key[..point], out CatalogObject schema)
            ? (schema.Name, key[(point + 1)..])
            : ("main", key);
    }

    /// <summary>The name by which columns of a table with a schema are called.</summary>
    public static IdentifierSyntax? AliasOf(NameSyntax table) =>
        table.Qualifier is null ? null : table.Parts[^1];

    /// <summary>What a name is called in the schema of another object.</summary>
    public static string Beside(string key, string name, CatalogView catalog)
    {
        (string schema, _) = Split(key, catalog);
        return schema == "main" ? name : $"{schema}.{name}";
    }
}
