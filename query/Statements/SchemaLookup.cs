namespace NeuroDb.Query;

/// <summary>Finds the columns of a table by name.</summary>
internal static class SchemaLookup
{
    /// <summary>The ordinal of a column; an error with the nearest name if there is none.</summary>
    public static int Ordinal(TableSchema schema, IdentifierSyntax name)
    {
        int ordinal = schema.FindColumn(name.Name);
        if (ordinal >= 0)
        {
            return ordinal;
        }

        IEnumerable<string> names = schema.Columns
            .Where(static column => !column.IsUnseen)
            .Select(static column => column.Name);
        throw new NeuroStoreException(
            ErrorCode.UnknownColumn,
            $"The table {schema.Name} has no column {name.Name}."
            + NearMatch.Hint(name.Name, names),
            name.Position);
    }
}
