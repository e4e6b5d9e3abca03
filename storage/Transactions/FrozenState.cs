namespace NeuroDb.Storage;

/// <summary>All tables at the moment of a freeze.</summary>
/// <param name="Timestamp">The last commit that is in it.</param>
/// <param name="Tables">The tables, in ascending order of their numbers.</param>
/// <param name="Indexes">The indexes, in ascending order of their numbers.</param>
internal sealed record FrozenState(
    long Timestamp, IReadOnlyList<FrozenTable> Tables, IReadOnlyList<IndexSchema> Indexes)
{
    /// <summary>The views, triggers and sequences, in the order of their keys.</summary>
    public IReadOnlyList<CatalogObject> Objects { get; init; } = [];
}
