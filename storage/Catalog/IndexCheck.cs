namespace NeuroDb.Storage;

/// <summary>
/// What the storage layer asks of an index, whether from a statement or from the log.
/// </summary>
internal static class IndexCheck
{
    /// <summary>Raises an error for an index that cannot be kept.</summary>
    public static void Check(IndexSchema index, TableSchema table)
    {
        Invariant.Check(index.Name.Length is > 0 and <= Limits.NameLengthMax);
        if (index.Columns.Count is 0 or > Limits.IndexColumnCountMax)
        {
            throw new ResourceLimitException(
                ErrorCode.ResourceLimit,
                $"Index {index.Name} has {index.Columns.Count} columns; it may have 1 to "
                + $"{Limits.IndexColumnCountMax}.");
        }

        foreach (IndexColumn column in index.Columns)
        {
            Invariant.Check((uint)column.Ordinal < (uint)table.Columns.Count);
            ColumnSchema indexed = table.Columns[column.Ordinal];
            bool isVector = indexed.Type.IsVector;
            if (isVector != (index.Kind == IndexKind.Vector))
            {
                throw new NeuroStoreException(
                    ErrorCode.NotSupported,
                    isVector
                        ? $"Column {indexed.Name} of table {table.Name} is a {indexed.Type}; "
                            + "index it with USING vector."
                        : $"Column {indexed.Name} of table {table.Name} is {indexed.Type}, no "
                            + "VECTOR(n) or BITVEC(n); a vector index cannot hold it.");
            }

            if (index.Kind == IndexKind.Bm25 && indexed.Type.Kind != TypeKind.Text)
            {
                throw new NeuroStoreException(
                    ErrorCode.NotSupported,
                    $"Column {indexed.Name} of table {table.Name} is no TEXT; a bm25 index holds "
                    + "texts.");
            }
        }
    }
}
