namespace NeuroDb.Storage;

/// <summary>
/// What a serializable transaction has read. Its commit is refused if any of it has changed since
/// the snapshot (backward validation: Kung and Robinson, On Optimistic Methods for Concurrency
/// Control, section 4), so that transactions that write are serial in the order of their commits.
/// One that only reads sees the state after some commit, which fits that order, and is never
/// refused. Tables are the finest grain but for lookups of keys: a refusal may be needless, an
/// acceptance is never wrong.
/// </summary>
internal sealed class ReadSet
{
    private readonly Dictionary<TableEntry, TableReads> _tables = [];

    /// <summary>Where to note what is read of a table.</summary>
    public TableReads Of(TableEntry table)
    {
        if (!_tables.TryGetValue(table, out TableReads? reads))
        {
            _tables.Add(table, reads = new TableReads());
        }

        return reads;
    }

    /// <summary>Raises an error if something that was read has changed; under the gate.</summary>
    /// <param name="catalog">The catalog after the last applied commit.</param>
    /// <param name="before">The catalog that the transaction began with.</param>
    /// <param name="timestamp">The snapshot of the transaction.</param>
    public void Validate(CatalogView catalog, CatalogView before, long timestamp)
    {
        foreach ((TableEntry table, TableReads reads) in _tables)
        {
            if (!before.Contains(table))
            {
                // The transaction's own table: nobody else can have changed it.
                continue;
            }

            if (!catalog.Contains(table) || !reads.IsCurrent(table.Rows, timestamp))
            {
                throw Conflict.OnTable(table.Schema.Name, "changed what this one read of");
            }
        }
    }
}
