namespace NeuroDb.Query;

/// <summary>The row of one key that was looked up together with others.</summary>
/// <param name="Lookup">The operator that gives it.</param>
/// <param name="Row">The row; null if there is none.</param>
internal sealed record LookedUpRow(KeyLookup Lookup, RowBatch? Row);
