namespace NeuroDb.Query;

/// <summary>
/// Rows that are written in the statement; also the one row of a query without FROM.
/// </summary>
internal sealed class LogicalValues(
    IReadOnlyList<OutputColumn> output, IReadOnlyList<IReadOnlyList<Expression>> rows)
    : LogicalNode
{
    /// <summary>The rows; each has an expression without columns for every output column.</summary>
    public IReadOnlyList<IReadOnlyList<Expression>> Rows { get; } = rows;

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output { get; } = output;

    /// <summary>One row without columns.</summary>
    public static LogicalValues OneRow { get; } = new([], [[]]);

    /// <inheritdoc/>
    public override LogicalNode MapExpressions(Func<Expression, Expression> map) =>
        new LogicalValues(Output, [.. Rows.Select(row => row.Select(map).ToArray())]);
}
