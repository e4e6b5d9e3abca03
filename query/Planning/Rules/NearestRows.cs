namespace NeuroDb.Query;

/// <summary>
/// Nodes between an order and a table, over the nearest rows of the table.
/// </summary>
/// <param name="Node">The nodes.</param>
/// <param name="Distance">
/// What ranks, over the columns of the table; null above a union, whose sides have their own.
/// </param>
/// <param name="Measure">The column that has its value.</param>
internal sealed record NearestRows(
    LogicalNode Node, VectorDistanceExpression? Distance, OutputColumn? Measure)
{
    private IReadOnlyDictionary<int, Expression> Definitions { get; init; } =
        new Dictionary<int, Expression>();

    // Whether the rows are rows of the table that pass all that lies below, each once.
    private bool IsExact { get; init; } = Distance is not null;

    /// <summary>An expression with what ranks replaced by the column that has its value.</summary>
    public Expression Reuse(Expression expression) => Distance is null || Measure is null
        ? expression
        : expression.Rewrite(part =>
            part is VectorDistanceExpression
            && ExpressionEquality.AreEqual(ColumnSets.Substitute(part, Definitions), Distance)
                ? new ColumnExpression(Measure.Id, Measure.Name, Measure.Type)
                : part);

    /// <summary>An expression over a table with its distance replaced.</summary>
    public static Expression Replace(
        Expression expression, VectorDistanceExpression distance, ColumnExpression measure) =>
        expression.Rewrite(part => part is VectorDistanceExpression
            && ExpressionEquality.AreEqual(part, distance)
                ? measure
                : part);

    /// <summary>
    /// The rows that satisfy a condition: what chose the nearest rows needs not be asked again.
    /// </summary>
    public NearestRows Filter(PathStep step) => this with
    {
        Node = Conjuncts.Filter(
            Node,
            [.. (IsExact ? step.Thresholds : [.. step.Parts, .. step.Thresholds]).Select(Reuse)]),
    };

    /// <summary>The rows with columns computed, and the measure with them.</summary>
    public NearestRows Project(LogicalProject project)
    {
        var columns = project.Columns
            .Select(column => column with { Expression = Reuse(column.Expression) })
            .ToList();
        if (Measure is not null)
        {
            columns.Add(new ProjectedColumn(
                new ColumnExpression(Measure.Id, Measure.Name, Measure.Type), Measure));
        }

        var definitions = new Dictionary<int, Expression>(Definitions);
        foreach (ProjectedColumn column in project.Columns)
        {
            definitions.TryAdd(
                column.Column.Id, ColumnSets.Substitute(column.Expression, Definitions));
        }

        return this with
        {
            Node = new LogicalProject(Node, columns),
            Definitions = definitions,
        };
    }

    /// <summary>The rows joined with another side.</summary>
    public NearestRows Join(PathStep step)
    {
        var join = (LogicalJoin)step.Node;
        if (join.IsHalf && IsExact)
        {
            return this;
        }

        LogicalNode[] children = [.. join.Children];
        children[step.Side] = Node;
        return this with
        {
            Node = new LogicalJoin(
                join.Kind,
                children[0],
                children[1],
                join.Condition is null ? null : Reuse(join.Condition)),
            IsExact = IsExact && join.IsHalf,
        };
    }

    /// <summary>The rows below another node.</summary>
    public NearestRows Above(Func<LogicalNode, LogicalNode, LogicalNode> make, LogicalNode node) =>
        this with { Node = make(node, Node), IsExact = false };
}
