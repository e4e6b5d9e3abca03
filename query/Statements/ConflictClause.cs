namespace NeuroDb.Query;

/// <summary>What an INSERT does with rows whose key is there already.</summary>
/// <param name="Keys">The keys and unique indexes meant.</param>
/// <param name="IsReplace">Whether the rows in the way are deleted.</param>
/// <param name="Assignments">
/// For DO UPDATE, the new value of each column, or null for one that stays, over the columns of
/// the row that is there and those of the new row; null for the other actions.
/// </param>
/// <param name="Where">Which rows that are there are updated; null for all.</param>
internal sealed record ConflictClause(
    IReadOnlyList<UniqueKey> Keys,
    bool IsReplace,
    IReadOnlyList<Expression?>? Assignments,
    Expression? Where);
