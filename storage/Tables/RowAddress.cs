namespace NeuroDb.Storage;

/// <summary>
/// Where one version of a row lies: its number in the table, which it keeps for ever, or, below
/// zero, the complement of a position in the transaction's own pending rows. Pending addresses are
/// valid within the transaction only.
/// </summary>
/// <param name="RowId">The number, or the complement of a position.</param>
internal readonly record struct RowAddress(long RowId)
{
    /// <summary>Whether the row is a pending row of the transaction itself.</summary>
    public bool IsPending => RowId < 0;

    /// <summary>The address of a pending row.</summary>
    public static RowAddress OfPending(long position) => new(~position);
}
