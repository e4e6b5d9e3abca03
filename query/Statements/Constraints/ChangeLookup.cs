namespace NeuroDb.Query;

/// <summary>One kind of look-up that a change makes beside its own rows.</summary>
/// <param name="Purpose">What for.</param>
/// <param name="Table">The table that has the key or the foreign key.</param>
/// <param name="Name">The key, the unique index or the foreign key.</param>
internal readonly record struct ChangeLookup(
    ChangeLookupPurpose Purpose, string Table, string Name);
