namespace NeuroDb.Storage;

/// <summary>What a <see cref="BufferManager"/> holds and did.</summary>
/// <param name="BudgetBytes">The bytes that it may hold, deltas included.</param>
/// <param name="CachedBytes">The bytes of the entries that it holds.</param>
/// <param name="DeltaBytes">The bytes of the rows in memory that were reported to it.</param>
/// <param name="EntryCount">The entries that it holds.</param>
/// <param name="LoadCount">The entries read so far.</param>
/// <param name="EvictionCount">The entries let go for want of room so far.</param>
internal readonly record struct BufferStatistics(
    long BudgetBytes,
    long CachedBytes,
    long DeltaBytes,
    int EntryCount,
    long LoadCount,
    long EvictionCount);
