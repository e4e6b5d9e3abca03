namespace NeuroDb.Query;

/// <summary>Computes columns from each row.</summary>
internal sealed class Project(
    PlanNode input, Expression[] expressions, IReadOnlyList<OutputColumn> output)
    : PlanNode(output)
{
    /// <summary>Where the rows come from.</summary>
    public PlanNode Input { get; } = input;

    /// <summary>The columns, over ordinals of the input.</summary>
    public Expression[] Expressions { get; } = expressions;

    /// <inheritdoc/>
    public override IReadOnlyList<PlanNode> Children => [Input];

    /// <inheritdoc/>
    public override string Describe()
    {
        IEnumerable<string> items = Expressions.Zip(Output, (expression, column) =>
        {
            string text = expression.ToString();
            return text == column.Name ? text : $"{text} as {column.Name}";
        });
        return $"project: {string.Join(", ", items)}";
    }

    /// <inheritdoc/>
    public override BatchCursor Open(ExecutionContext context) =>
        new ProjectCursor(Input.Open(context), Expressions, context);
}
