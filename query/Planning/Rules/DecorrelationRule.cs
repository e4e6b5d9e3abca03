namespace NeuroDb.Query;

/// <summary>
/// Turns subqueries that would be run for each row into joins (T. Neumann and A. Kemper, Unnesting
/// Arbitrary Queries, BTW 2015, for the shapes that hash joins serve): EXISTS and IN of a
/// condition into semi joins, NOT EXISTS into anti joins, and a value into a left join with a
/// lookup by a key or with the aggregates of all keys at once. What has another shape stays.
/// </summary>
internal static class DecorrelationRule
{
    /// <summary>The plan with such subqueries replaced.</summary>
    public static LogicalNode Apply(LogicalNode plan, ColumnIdentifiers identifiers) =>
        plan.Rewrite(node => node switch
        {
            LogicalFilter filter => Filter(filter, identifiers),
            LogicalProject project => Project(project, identifiers),
            _ => node,
        });

    private static LogicalNode Filter(LogicalFilter filter, ColumnIdentifiers identifiers)
    {
        var parts = new List<Expression>();
        Conjuncts.Split(filter.Condition, parts);
        LogicalNode input = filter.Input;
        var kept = new List<Expression>();
        var halves = new List<(JoinKind Kind, CorrelatedQuery Query)>();
        foreach (Expression part in parts)
        {
            if (Half(part, input, identifiers) is { } half)
            {
                halves.Add(half);
            }
            else
            {
                kept.Add(ReplaceValues(part, ref input, identifiers));
            }
        }

        if (halves.Count == 0 && ReferenceEquals(input, filter.Input))
        {
            return filter;
        }

        LogicalNode node = kept.Count == 0
            ? input
            : new LogicalFilter(input, Conjuncts.Join(kept)!);
        foreach ((JoinKind kind, CorrelatedQuery query) in halves)
        {
            node = new LogicalJoin(kind, node, query.Inner, Conjuncts.Join(query.Conditions));
        }

        return ReferenceEquals(input, filter.Input)
            ? node
            : LogicalProject.Of(node, filter.Output);
    }

    private static LogicalNode Project(LogicalProject project, ColumnIdentifiers identifiers)
    {
        LogicalNode input = project.Input;
        var columns = new List<ProjectedColumn>(project.Columns.Count);
        foreach (ProjectedColumn column in project.Columns)
        {
            columns.Add(column with
            {
                Expression = ReplaceValues(column.Expression, ref input, identifiers),
            });
        }

        return ReferenceEquals(input, project.Input)
            ? project
            : new LogicalProject(input, columns);
    }

    private static (JoinKind Kind, CorrelatedQuery Query)? Half(
        Expression part, LogicalNode input, ColumnIdentifiers identifiers)
    {
        if (part is SubqueryExpression { Kind: SubqueryKind.In, Captures.Count: 0 } list
            && !list.Operand!.IsRowIndependent)
        {
            return (JoinKind.Semi, List(list, identifiers));
        }

        bool isNegated = part is NotExpression;
        Expression inner = isNegated ? part.Children[0] : part;
        if (inner is not SubqueryExpression { Captures.Count: > 0, IsVolatile: false } subquery
            || subquery.Kind == SubqueryKind.Scalar
            || (isNegated && subquery.Kind == SubqueryKind.In))
        {
            return null;
        }

        CorrelatedQuery? query = CorrelatedQuery.OfRows(subquery);
        return query is not null && query.HasEquality && !query.IsBetterByLookup(input)
            ? (isNegated ? JoinKind.Anti : JoinKind.Semi, query.Renamed(identifiers))
            : null;
    }

    /// <summary>
    /// IN of a query that is the same for all rows. As a condition, unknown is false; under NOT it
    /// is not, so that stays.
    /// </summary>
    private static CorrelatedQuery List(
        SubqueryExpression subquery, ColumnIdentifiers identifiers)
    {
        OutputColumn column = subquery.Query.Output[0];
        Expression equal = OperatorFactory.Comparison(
            BinaryOperator.Equal,
            subquery.Operand!,
            new ColumnExpression(column.Id, column.Name, column.Type),
            subquery.Position);
        return new CorrelatedQuery(subquery.Query, [equal], null, Key: false)
            .Renamed(identifiers);
    }

    /// <summary>Replaces values of correlated queries by columns that a left join adds.</summary>
    private static Expression ReplaceValues(
        Expression expression, ref LogicalNode input, ColumnIdentifiers identifiers)
    {
        if (!expression.Any(part => part is SubqueryExpression))
        {
            return expression;
        }

        LogicalNode node = input;
        Expression replaced = expression.Rewrite(part =>
        {
            if (part is not SubqueryExpression
                {
                    Kind: SubqueryKind.Scalar, Captures.Count: > 0, IsVolatile: false,
                } subquery)
            {
                return part;
            }

            CorrelatedQuery? query = CorrelatedQuery.OfAggregate(subquery, identifiers)
                ?? CorrelatedQuery.OfKey(subquery);
            if (query?.Value is null || query.IsBetterByLookup(node))
            {
                return part;
            }

            CorrelatedQuery renamed = query.Renamed(identifiers);
            node = new LogicalJoin(
                JoinKind.Left, node, renamed.Inner, Conjuncts.Join(renamed.Conditions));
            return renamed.Value!;
        });
        input = node;
        return replaced;
    }
}
