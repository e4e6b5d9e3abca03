namespace NeuroDb.Query;

/// <summary>Rows that are written in the statement.</summary>
internal sealed class ValuesRows(
    IReadOnlyList<IReadOnlyList<Expression>> rows, IReadOnlyList<OutputColumn> output)
    : PlanNode(output)
{
    /// <summary>The rows; the expressions read no columns.</summary>
    public IReadOnlyList<IReadOnlyList<Expression>> Rows { get; } = rows;

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => Rows.SelectMany(row => row);

    /// <inheritdoc/>
    public override string Describe() => Rows.Count == 1 ? "1 row" : $"values: {Rows.Count} rows";

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new ValuesRowsCursor(this, context);
}
