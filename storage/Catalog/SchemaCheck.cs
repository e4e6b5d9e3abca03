namespace NeuroDb.Storage;

/// <summary>
/// What the storage layer asks of a schema, whether from a statement or from the log.
/// </summary>
internal static class SchemaCheck
{
    /// <summary>Raises an error for a schema that cannot be stored.</summary>
    public static void Check(TableSchema schema)
    {
        int count = schema.Columns.Count;
        if (count is 0 or > Limits.ColumnCountMax)
        {
            throw new ResourceLimitException(
                ErrorCode.ResourceLimit,
                $"Table {schema.Name} has {count} columns; it may have 1 to "
                + $"{Limits.ColumnCountMax}.");
        }

        CheckCount(schema, schema.Keys.Count, Limits.KeyCountMax, "keys");
        CheckCount(schema, schema.Checks.Count, Limits.CheckCountMax, "CHECK conditions");
        Invariant.Check(schema.Name.Length is > 0 and <= Limits.NameLengthMax);
        foreach (KeySchema key in schema.Keys)
        {
            Invariant.Check(key.Ordinals.Length > 0);
            if (key.Ordinals.Distinct().Count() != key.Ordinals.Length)
            {
                throw new NeuroStoreException(
                    ErrorCode.DuplicateName,
                    $"Key {key.Name} of table {schema.Name} names a column twice; name it once.");
            }

            foreach (int ordinal in key.Ordinals)
            {
                Invariant.Check((uint)ordinal < (uint)count);
                if (schema.Columns[ordinal].Type.IsVector)
                {
                    throw new NeuroStoreException(
                        ErrorCode.NotSupported,
                        $"Column {schema.Columns[ordinal].Name} of table {schema.Name} is a "
                        + $"{schema.Columns[ordinal].Type} and cannot be part of a key.");
                }
            }
        }

        Invariant.Check(schema.IdentityOrdinal < count);
        Invariant.Check(
            schema.IdentityOrdinal < 0
            || schema.Columns[schema.IdentityOrdinal].Type.Physical == PhysicalKind.Int64);
    }

    private static void CheckCount(TableSchema schema, int count, int bound, string what)
    {
        if (count > bound)
        {
            throw new ResourceLimitException(
                ErrorCode.ResourceLimit,
                $"Table {schema.Name} has {count} {what}; it may have at most {bound}.");
        }
    }
}
