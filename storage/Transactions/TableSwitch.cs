namespace NeuroDb.Storage;

/// <summary>The parts that take the place of what a table had when it was frozen.</summary>
/// <param name="Frozen">The table at the freeze.</param>
/// <param name="Parts">
/// The parts with all rows that lived at the freeze, in ascending order; those that did not change
/// may be the same objects.
/// </param>
internal sealed record TableSwitch(FrozenTable Frozen, IReadOnlyList<RowPart> Parts);
