namespace NeuroDb.Query;

/// <summary>The rows of a table function.</summary>
internal sealed class TableFunctionRows(
    TableFunction function, Expression[] arguments, IReadOnlyList<OutputColumn> output)
    : PlanNode(output)
{
    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => arguments;

    /// <inheritdoc/>
    public override string Describe() =>
        $"rows of {function.Name}({string.Join<Expression>(", ", arguments)})";

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new TableFunctionCursor(function, arguments, Output, context);
}
