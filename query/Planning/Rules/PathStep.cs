namespace NeuroDb.Query;

/// <summary>
/// One node between an order and the table whose rows it ranks.
/// </summary>
/// <param name="node">The node.</param>
/// <param name="side">Which of its inputs the table lies below.</param>
/// <param name="above">The step before; null for the first.</param>
internal sealed class PathStep(LogicalNode node, int side, PathStep? above)
{
    /// <summary>The node, over inputs that may be read twice.</summary>
    public LogicalNode Node { get; } = node;

    /// <summary>Which of its inputs the table lies below.</summary>
    public int Side { get; } = side;

    /// <summary>The step before; null for the first.</summary>
    public PathStep? Above { get; } = above;

    /// <summary>
    /// The columns that definitions below give, over the columns of the table.
    /// </summary>
    public IReadOnlyDictionary<int, Expression> Definitions { get; private set; } =
        new Dictionary<int, Expression>();

    /// <summary>Of a condition, the parts that bound the distance which ranks.</summary>
    public List<Expression> Thresholds { get; } = [];

    /// <summary>Of a condition, the other parts.</summary>
    public List<Expression> Parts { get; } = [];

    /// <summary>
    /// The columns of the output that conditions on the way up to the order read.
    /// </summary>
    public HashSet<int> Read { get; } = [];

    /// <summary>Whether each row of the table that passes comes once, with all before it.</summary>
    public bool KeepsRows => Node is LogicalFilter or LogicalProject
        or LogicalJoin { IsHalf: true };

    /// <summary>An expression of this node over the columns of the table.</summary>
    public Expression Down(Expression expression) =>
        ColumnSets.Substitute(expression, Definitions);

    /// <summary>The steps from one up to the order.</summary>
    public static List<PathStep> From(PathStep? first)
    {
        var steps = new List<PathStep>();
        for (PathStep? step = first; step is not null; step = step.Above)
        {
            steps.Add(step);
        }

        return steps;
    }

    /// <summary>
    /// Follows columns up from the table, and tells thresholds from other conditions; gives the
    /// definitions of the columns above the last step.
    /// </summary>
    public static IReadOnlyDictionary<int, Expression> Define(
        IReadOnlyList<PathStep> fromTable, Expression distance)
    {
        var definitions = new Dictionary<int, Expression>();
        foreach (PathStep step in fromTable)
        {
            step.Definitions = definitions;
            step.Thresholds.Clear();
            step.Parts.Clear();
            if (step.Node is LogicalFilter filter)
            {
                var parts = new List<Expression>();
                Conjuncts.Split(filter.Condition, parts);
                foreach (Expression part in parts)
                {
                    bool isThreshold = VectorThreshold.TryFind(step.Down(part)) is { } threshold
                        && ExpressionEquality.AreEqual(threshold.Distance, distance);
                    (isThreshold ? step.Thresholds : step.Parts).Add(part);
                }
            }

            definitions = step.DefinitionsAbove();
        }

        return definitions;
    }

    /// <summary>Finds what conditions read, from the order down.</summary>
    public static void FindRead(IReadOnlyList<PathStep> fromTable)
    {
        HashSet<int> read = [];
        for (int i = fromTable.Count - 1; i >= 0; i--)
        {
            fromTable[i].Read.Clear();
            fromTable[i].Read.UnionWith(read);
            read = fromTable[i].ReadBelow();
        }
    }

    private Dictionary<int, Expression> DefinitionsAbove()
    {
        var above = new Dictionary<int, Expression>(Definitions);
        if (Node is LogicalProject project)
        {
            foreach (ProjectedColumn column in project.Columns)
            {
                above.TryAdd(column.Column.Id, Down(column.Expression));
            }
        }
        else if (Node is LogicalSetOperation operation)
        {
            IReadOnlyList<OutputColumn> branch = operation.Children[Side].Output;
            for (int i = 0; i < branch.Count; i++)
            {
                OutputColumn column = branch[i];
                above.TryAdd(
                    operation.Output[i].Id,
                    Down(new ColumnExpression(column.Id, column.Name, column.Type)));
            }
        }

        return above;
    }

    private HashSet<int> ReadBelow()
    {
        var below = new HashSet<int>();
        switch (Node)
        {
            case LogicalProject project:
                foreach (ProjectedColumn column in project.Columns)
                {
                    if (Read.Contains(column.Column.Id))
                    {
                        ColumnSets.Collect(column.Expression, below);
                    }
                }

                return below;
            case LogicalSetOperation operation:
                for (int i = 0; i < operation.Output.Count; i++)
                {
                    if (Read.Contains(operation.Output[i].Id))
                    {
                        below.Add(operation.Children[Side].Output[i].Id);
                    }
                }

                return below;
            case LogicalFilter:
                Parts.ForEach(part => ColumnSets.Collect(part, below));
                break;
            default:
                _ = Node.MapExpressions(expression =>
                {
                    ColumnSets.Collect(expression, below);
                    return expression;
                });
                break;
        }

        below.UnionWith(Read);
        return below;
    }
}
