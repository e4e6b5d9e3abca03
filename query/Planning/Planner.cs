namespace NeuroDb.Query;

/// <summary>
/// Turns logical plans into physical ones: applies the rules, chooses operators, replaces columns
/// by ordinals and plans the subqueries inside expressions. One planner for one statement.
/// </summary>
internal sealed class Planner(ColumnIdentifiers identifiers)
{
    private readonly Dictionary<SharedQuery, PlanNode> _shared = [];

    /// <summary>The identifiers of the columns of the statement.</summary>
    public ColumnIdentifiers Identifiers { get; } = identifiers;

    /// <summary>The physical plan of a query.</summary>
    public PlanNode Plan(LogicalNode query)
    {
        LogicalNode plan = VectorOriginRule.Apply(InlineRule.Apply(query));
        plan = DecorrelationRule.Apply(plan, Identifiers);
        plan = ConditionRule.Apply(ConstantFoldingRule.Apply(plan));
        plan = PullUpRule.Apply(PredicatePushDownRule.Apply(plan));
        plan = SemiJoinRule.Apply(plan);
        plan = JoinOrderRule.Apply(plan);
        plan = PredictionRule.Apply(plan, Identifiers);
        plan = NearestRowsRule.Apply(plan, Identifiers);
        plan = NearestGroupsRule.Apply(plan, Identifiers);
        plan = ColumnPruningRule.Apply(plan);
        plan = TopKRule.Apply(plan);
        plan = VectorTopKRule.Apply(plan, Identifiers);
        plan = TextTopKRule.Apply(plan, Identifiers);
        plan = KeyLookupRule.Apply(plan);
        plan = KeyRangeRule.Apply(plan);
        plan = IndexRangeRule.Apply(plan);
        plan = VectorRangeRule.Apply(plan);
        PlanNode physical = new OperatorChoice(this).Choose(plan);
        return SelectColumns(physical, query.Output);
    }

    /// <summary>
    /// An expression ready to be evaluated over batches with these columns, in this order.
    /// </summary>
    public Expression Resolve(Expression expression, IReadOnlyList<OutputColumn> columns)
    {
        var ordinals = new Dictionary<int, int>(columns.Count);
        for (int i = 0; i < columns.Count; i++)
        {
            ordinals.TryAdd(columns[i].Id, i);
        }

        return expression.Rewrite(part => part switch
        {
            ColumnExpression column => ordinals.TryGetValue(column.Id, out int ordinal)
                ? new OrdinalExpression(ordinal, column.Name, column.Type)
                : throw Invariant.Broken($"the column {column.Name} is among the input"),
            SubqueryExpression subquery => PlanSubquery(subquery),
            _ => part,
        });
    }

    /// <summary>The rows of a plan with exactly these columns, found by identifier.</summary>
    public static PlanNode SelectColumns(PlanNode plan, IReadOnlyList<OutputColumn> columns)
    {
        var ordinals = new int[columns.Count];
        bool isSame = columns.Count == plan.Output.Count;
        for (int i = 0; i < ordinals.Length; i++)
        {
            ordinals[i] = -1;
            for (int j = 0; j < plan.Output.Count && ordinals[i] < 0; j++)
            {
                ordinals[i] = plan.Output[j].Id == columns[i].Id ? j : -1;
            }

            Invariant.Check(ordinals[i] >= 0);
            isSame &= ordinals[i] == i && plan.Output[i].Name == columns[i].Name;
        }

        return isSame ? plan : SelectOrdinals(plan, ordinals, columns);
    }

    /// <summary>The rows of a plan with some of its columns.</summary>
    public static PlanNode SelectOrdinals(
        PlanNode plan, int[] ordinals, IReadOnlyList<OutputColumn> columns)
    {
        if (plan.TrySelect(ordinals, columns) is { } narrow)
        {
            return narrow;
        }

        Expression[] expressions = [.. ordinals.Select(ordinal => new OrdinalExpression(
            ordinal, plan.Output[ordinal].Name, plan.Output[ordinal].Type))];
        return new Project(plan, expressions, columns)
        {
            Estimate = plan.Estimate,
        };
    }

    /// <summary>The plan of a query that several places share.</summary>
    public PlanNode PlanShared(SharedQuery query)
    {
        if (!_shared.TryGetValue(query, out PlanNode? plan))
        {
            plan = Plan(query.Plan);
            _shared.Add(query, plan);
        }

        return plan;
    }

    private PlannedSubquery PlanSubquery(SubqueryExpression subquery) => new(
        subquery.Kind,
        Plan(subquery.Query),
        subquery.Operand,
        [.. subquery.Captures],
        subquery.Type,
        subquery.IsVolatile,
        subquery.Position);
}
