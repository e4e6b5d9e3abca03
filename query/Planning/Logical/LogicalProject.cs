namespace NeuroDb.Query;

/// <summary>Computes columns from each row of the input.</summary>
internal sealed class LogicalProject : LogicalNode
{
    /// <summary>Makes the node.</summary>
    public LogicalProject(LogicalNode input, IReadOnlyList<ProjectedColumn> columns)
    {
        Input = input;
        Columns = columns;
        Output = [.. columns.Select(column => column.Column)];
    }

    /// <summary>Where the rows come from.</summary>
    public LogicalNode Input { get; }

    /// <summary>The columns computed, in order.</summary>
    public IReadOnlyList<ProjectedColumn> Columns { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<LogicalNode> Children => [Input];

    /// <inheritdoc/>
    public override LogicalNode MapExpressions(Func<Expression, Expression> map) =>
        new LogicalProject(
            Input,
            [.. Columns.Select(column => column with { Expression = map(column.Expression) })]);

    /// <inheritdoc/>
    public override LogicalNode WithChildren(IReadOnlyList<LogicalNode> children) =>
        new LogicalProject(children[0], Columns);

    /// <summary>The node that gives some columns of its input unchanged.</summary>
    public static LogicalProject Of(LogicalNode input, IReadOnlyList<OutputColumn> columns) =>
        new(input, [.. columns.Select(column => new ProjectedColumn(
            new ColumnExpression(column.Id, column.Name, column.Type), column))]);
}
