namespace NeuroDb.Query;

/// <summary>The sets of keys by which rows are grouped at once.</summary>
/// <param name="Sets">For each set, the ordinals of its keys; the others are NULL.</param>
/// <param name="Column">The number of the set of a group: the last column.</param>
internal sealed record GroupingSets(IReadOnlyList<int[]> Sets, OutputColumn Column);
