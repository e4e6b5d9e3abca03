namespace NeuroDb.Query;

/// <summary>
/// Takes predictions out of expressions into operators of their own, below the operator that needs
/// them and above the conditions that need none: so each row is predicted once, and only if the
/// other conditions let it pass. A condition stands above or below a join, where fewer rows are
/// expected. What only some rows need (a branch of CASE) stays where it is.
/// </summary>
internal sealed class PredictionRule
{
    private readonly ColumnIdentifiers _identifiers;

    private PredictionRule(ColumnIdentifiers identifiers) => _identifiers = identifiers;

    /// <summary>The plan with its predictions taken out.</summary>
    public static LogicalNode Apply(LogicalNode plan, ColumnIdentifiers identifiers) =>
        plan.Rewrite(new PredictionRule(identifiers).Lift);

    private LogicalNode Lift(LogicalNode node)
    {
        if (node.Children.Count != 1 || node is LogicalPrediction)
        {
            return node;
        }

        if (node is LogicalFilter filter)
        {
            return LiftFilter(filter);
        }

        var found = new List<PredictionExpression>();
        node.MapExpressions(expression =>
        {
            Collect(expression, found);
            return expression;
        });
        if (found.Count == 0)
        {
            return node;
        }

        (LogicalNode input, List<PredictedColumn> columns) = AddAll(node.Children[0], found);
        LogicalNode lifted = node
            .MapExpressions(expression => Replace(expression, columns))
            .WithChildren([input]);
        return Trim(lifted, node.Output);
    }

    private LogicalNode LiftFilter(LogicalFilter filter)
    {
        var parts = new List<Expression>();
        Conjuncts.Split(filter.Condition, parts);
        List<Expression> plain = parts.FindAll(part => !HasPrediction(part));
        if (plain.Count == parts.Count)
        {
            return filter;
        }

        // The condition of the least work first: it spares the others rows.
        LogicalNode node = Conjuncts.Filter(filter.Input, plain);
        foreach (Expression part in parts
            .Where(HasPrediction).OrderBy(static part => WorkOf(part)))
        {
            if (TryPlaceBelow(node, part, Cardinality.Of(node)) is { } placed)
            {
                node = placed;
                continue;
            }

            var found = new List<PredictionExpression>();
            Collect(part, found);
            (node, List<PredictedColumn> columns) = AddAll(node, found);
            node = Conjuncts.Filter(node, [Replace(part, columns)]);
        }

        return Trim(node, filter.Output);
    }

    /// <summary>
    /// The rows with the condition on one side of a join, if there are no more rows there; null
    /// if it is to stand above.
    /// </summary>
    private LogicalNode? TryPlaceBelow(LogicalNode node, Expression part, double rows)
    {
        HashSet<int> read = ColumnsOf(part);
        switch (node)
        {
            case LogicalFilter filter:
                return TryPlaceBelow(filter.Input, part, rows) is { } input
                    ? filter.WithChildren([input])
                    : null;
            case LogicalProject project when HasAll(project, read):
                return TryPlaceBelow(project.Input, part, rows) is { } below
                    ? project.WithChildren([below])
                    : null;
            case LogicalJoin { Kind: JoinKind.Inner or JoinKind.Cross } join:
                int side = read.IsSubsetOf(ColumnSets.Of(join.Left.Output)) ? 0
                    : read.IsSubsetOf(ColumnSets.Of(join.Right.Output)) ? 1
                    : -1;
                if (side < 0 || Cardinality.Of(join.Children[side]) > rows)
                {
                    return null;
                }

                LogicalNode[] sides = [.. join.Children];
                sides[side] = TryPlaceBelow(
                    sides[side], part, Cardinality.Of(sides[side]))
                    ?? LiftFilter(new LogicalFilter(sides[side], part));
                return join.WithChildren(sides);
            default:
                return null;
        }
    }

    /// <summary>Whether a model has to be asked for a value.</summary>
    public static bool HasPrediction(Expression expression) =>
        expression.Any(static part => part is PredictionExpression);

    private static long WorkOf(Expression expression)
    {
        long work = expression is PredictionExpression prediction
            ? Math.Max(1, prediction.Inputs.Model.Info.FlopPerRow)
            : 0;
        return expression.Children.Aggregate(work, (sum, child) => sum + WorkOf(child));
    }

    /// <summary>What every row needs; not what stands behind a condition.</summary>
    private static void Collect(Expression expression, List<PredictionExpression> found)
    {
        if (expression is PredictionExpression prediction && !prediction.IsRowIndependent)
        {
            bool isKnown = found.Exists(known => ExpressionEquality.AreEqual(known, prediction));
            if (!isKnown && !prediction.Children.Any(HasPrediction))
            {
                found.Add(prediction);
            }

            return;
        }

        int always = expression switch
        {
            CaseExpression or CoalesceExpression or LogicalExpression =>
                Math.Min(1, expression.Children.Count),
            SubqueryExpression => 0,
            _ => expression.Children.Count,
        };
        for (int i = 0; i < always; i++)
        {
            Collect(expression.Children[i], found);
        }
    }

    private static Expression Replace(Expression expression, List<PredictedColumn> columns) =>
        expression is PredictionExpression prediction
        && columns.Find(known => ExpressionEquality.AreEqual(known.Prediction, prediction))
            is { } column
                ? new ColumnExpression(column.Column.Id, column.Column.Name, column.Column.Type)
                : ReplaceChildren(expression, columns);

    private static Expression ReplaceChildren(
        Expression expression, List<PredictedColumn> columns)
    {
        IReadOnlyList<Expression> children = expression.Children;
        Expression[] replaced = [.. children.Select(child => Replace(child, columns))];
        return replaced.SequenceEqual(children) ? expression : expression.WithChildren(replaced);
    }

    /// <summary>The rows with columns for predictions, those that are there used again.</summary>
    private (LogicalNode Node, List<PredictedColumn> Columns) AddAll(
        LogicalNode node, List<PredictionExpression> found)
    {
        var columns = new List<PredictedColumn>();
        foreach (IGrouping<PredictionExpression, PredictionExpression> group in found.GroupBy(
            static prediction => prediction, new SameInputs()))
        {
            var added = new List<PredictedColumn>();
            foreach (PredictionExpression prediction in group)
            {
                if (TryExpose(node, prediction) is (LogicalNode exposed, PredictedColumn known))
                {
                    node = exposed;
                    columns.Add(known with { Prediction = prediction });
                    continue;
                }

                added.Add(NewColumn(prediction));
            }

            node = added.Count > 0 ? new LogicalPrediction(node, added) : node;
            columns.AddRange(added);
        }

        return (node, columns);
    }

    /// <summary>
    /// The same rows with the column of a prediction that was made below, or of one that costs
    /// little more there, because the model is asked with the same inputs.
    /// </summary>
    private (LogicalNode Node, PredictedColumn Column)? TryExpose(
        LogicalNode node, PredictionExpression prediction)
    {
        switch (node)
        {
            case LogicalPrediction below when below.Columns.FirstOrDefault(known =>
                ExpressionEquality.AreEqual(known.Prediction, prediction)) is { } known:
                return (node, known);
            case LogicalPrediction same when IsCheap(prediction)
                && same.Columns[0].Prediction.Inputs.IsSameAs(prediction.Inputs):
                PredictedColumn more = NewColumn(prediction);
                return (new LogicalPrediction(same.Input, [.. same.Columns, more]), more);
            case LogicalPrediction or LogicalFilter or LogicalSort or LogicalLimit:
                return TryExpose(node.Children[0], prediction) is
                    (LogicalNode inner, PredictedColumn made)
                        ? (node.WithChildren([inner]), made)
                        : null;
            case LogicalProject project when HasAll(project, ColumnsOf(prediction))
                && TryExpose(project.Input, prediction) is
                    (LogicalNode input, PredictedColumn column):
                var self = new ColumnExpression(
                    column.Column.Id, column.Column.Name, column.Column.Type);
                return (
                    new LogicalProject(
                        input, [.. project.Columns, new ProjectedColumn(self, column.Column)]),
                    column);
            default:
                return null;
        }
    }

    private PredictedColumn NewColumn(PredictionExpression prediction) =>
        new(prediction, _identifiers.NewColumn(prediction.ToString(), prediction.Type));

    // Texts of JSON are not made for rows that a condition between may leave out.
    private static bool IsCheap(PredictionExpression prediction) => prediction.Kind is not
        (PredictionKind.Probabilities or PredictionKind.Interval or PredictionKind.All);

    private static HashSet<int> ColumnsOf(Expression expression)
    {
        var read = new HashSet<int>();
        ColumnSets.Collect(expression, read);
        return read;
    }

    private static bool HasAll(LogicalProject project, HashSet<int> read) =>
        read.All(id => project.Columns.Any(
            column => column.Column.Id == id && column.IsUnchanged));

    private static LogicalNode Trim(LogicalNode node, IReadOnlyList<OutputColumn> output) =>
        node.Output.Count == output.Count ? node : LogicalProject.Of(node, output);

    private sealed class SameInputs : IEqualityComparer<PredictionExpression>
    {
        public bool Equals(PredictionExpression? x, PredictionExpression? y) =>
            x is not null && y is not null && x.Inputs.IsSameAs(y.Inputs);

        public int GetHashCode(PredictionExpression obj) =>
            obj.Inputs.Model.Info.Identity.GetHashCode(StringComparison.Ordinal);
    }
}
