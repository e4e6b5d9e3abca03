namespace NeuroDb.Bench;

/// <summary>
/// A store of rows (int64 key, 100 bytes) on disk, as the storage bench drives NeuroStore and its
/// peers alike. Used by one thread at a time, except for <see cref="Put"/> of a store that says so.
/// </summary>
internal interface IRowStore : IDisposable
{
    /// <summary>Stores one row in a transaction of its own, durable on return.</summary>
    void Put(long key);

    /// <summary>Stores rows of consecutive keys in one transaction, durable on return.</summary>
    void PutMany(long firstKey, int count);

    /// <summary>Stores many rows the way this store likes best, durable on return.</summary>
    void Load(ReadOnlySpan<long> keys);

    /// <summary>Checkpoints and compacts: what is measured next is at rest.</summary>
    void Settle();

    /// <summary>Begins the transaction of the following reads.</summary>
    void BeginReads();

    /// <summary>Ends the transaction of the reads.</summary>
    void EndReads();

    /// <summary>The first eight bytes of a row's value.</summary>
    long Get(long key);

    /// <summary>Reads whole rows in key order: the sum of the keys and of the lengths.</summary>
    long Range(long firstKey, int count);

    /// <summary>Reads all rows: the sum of the keys.</summary>
    long SumOfKeys();
}
