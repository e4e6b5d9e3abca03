namespace NeuroDb.Storage;

/// <summary>
/// How many rows the unique checks of a transaction looked up in the table, by key; rows above the
/// greatest key of all are not looked up. Of one thread.
/// </summary>
internal sealed class UniqueLookups
{
    private readonly Dictionary<(string Table, string Key), long> _counts = [];

    /// <summary>Counts rows that were looked up.</summary>
    /// <param name="table">The table.</param>
    /// <param name="key">The name of the key or of the unique index.</param>
    /// <param name="count">How many rows.</param>
    public void Add(TableSchema table, string key, int count) =>
        _counts[(table.Name, key)] = Of(table, key) + count;

    /// <summary>How many rows were looked up.</summary>
    public long Of(TableSchema table, string key) =>
        _counts.GetValueOrDefault((table.Name, key));
}
