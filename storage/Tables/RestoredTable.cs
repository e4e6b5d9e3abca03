namespace NeuroDb.Storage;

/// <summary>What a checkpoint has written down of a table, to open it again.</summary>
/// <param name="Parts">The segments, in ascending order.</param>
/// <param name="NextRowId">The number that the next version gets.</param>
/// <param name="IdentityLast">The greatest value of the identity column; null if none.</param>
/// <param name="KeyMaxima">For each key its greatest value, or null where it is not kept.</param>
/// <param name="LiveCount">The rows that live.</param>
internal sealed record RestoredTable(
    IReadOnlyList<RowPart> Parts,
    long NextRowId,
    long? IdentityLast,
    IReadOnlyList<long?> KeyMaxima,
    long LiveCount);
