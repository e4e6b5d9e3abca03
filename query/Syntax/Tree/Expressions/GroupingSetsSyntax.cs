namespace NeuroDb.Query;

/// <summary>GROUPING SETS (...) in GROUP BY.</summary>
/// <param name="Sets">
/// The sets: a row, a single key, or ROLLUP, CUBE or GROUPING SETS again.
/// </param>
internal sealed record GroupingSetsSyntax(
    IReadOnlyList<ExpressionSyntax> Sets) : ExpressionSyntax;
