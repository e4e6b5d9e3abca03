namespace NeuroDb.Query;

/// <summary>Computes columns from each row.</summary>
internal sealed class Project(
    PlanNode input, Expression[] expressions, IReadOnlyList<OutputColumn> output)
    : PlanNode(output)
{
    /// <summary>Where the rows come from.</summary>
    public PlanNode Input { get; } = input;

    /// <summary>The columns, over ordinals of the input.</summary>
    public override IReadOnlyList<Expression> Expressions => expressions;

    /// <inheritdoc/>
    public override IReadOnlyList<PlanNode> Children => [Input];

    /// <inheritdoc/>
    public override string Describe()
    {
        IEnumerable<string> items = expressions.Zip(Output, (expression, column) =>
        {
            string text = expression.ToString();
            return text == column.Name ? text : $"{text} as {column.Name}";
        });
        return $"project: {string.Join(", ", items)}";
    }

    /// <inheritdoc/>
    public override PlanNode TrySelect(int[] ordinals, IReadOnlyList<OutputColumn> columns) =>
        new Project(Input, [.. ordinals.Select(ordinal => expressions[ordinal])], columns)
        {
            Estimate = Estimate,
        };

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new ProjectCursor(Input.Open(context), expressions, context);

    /// <inheritdoc/>
    protected override Pipeline? StartParallel(ExecutionContext context) =>
        Input.Parallelize(context) is { } input
            ? new MappedPipeline(
                input, cursor => new ProjectCursor(cursor, expressions, context))
            : null;
}
