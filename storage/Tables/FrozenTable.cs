namespace NeuroDb.Storage;

/// <summary>A table at the moment of a freeze: all that a checkpoint writes down.</summary>
/// <param name="Table">The table.</param>
/// <param name="Parts">
/// The parts with rows, in ascending order: segments, and deltas that get no rows any more. Their
/// versions go on to end.
/// </param>
/// <param name="NextRowId">The number that the next version gets.</param>
/// <param name="IdentityLast">The greatest value of the identity column; null if none.</param>
/// <param name="KeyMaxima">For each key its greatest value, or null where it is not kept.</param>
/// <param name="LiveCount">The rows that live.</param>
internal sealed record FrozenTable(
    TableEntry Table,
    IReadOnlyList<RowPart> Parts,
    long NextRowId,
    long? IdentityLast,
    IReadOnlyList<long?> KeyMaxima,
    long LiveCount);
