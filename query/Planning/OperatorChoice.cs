namespace NeuroDb.Query;

/// <summary>Chooses the operators for a logical plan to which the rules were applied.</summary>
internal sealed class OperatorChoice(Planner planner)
{
    /// <summary>The operator for a node, with those of its inputs.</summary>
    public PlanNode Choose(LogicalNode node)
    {
        RowEstimate rows = Cardinality.Estimate(node);
        return node switch
        {
            LogicalScan scan => ScanTable(scan, null, rows),
            LogicalFilter { Input: LogicalScan scan } filter =>
                ScanTable(scan, filter.Condition, rows),
            LogicalFilter filter => Filter(filter, rows),
            LogicalKeyLookup lookup => LookUp(lookup, rows),
            LogicalKeyRange range => ReadRange(range, rows),
            LogicalIndexRange range => ReadIndex(range, rows),
            LogicalVectorRange range => ReadVectors(range, rows),
            LogicalProject project => Project(project, Choose(project.Input), rows),
            LogicalJoin join => new IndexJoinChoice(planner, this).Choose(join, rows)
                ?? new JoinChoice(planner, this).Choose(join, rows),
            LogicalAggregate aggregate => Aggregate(aggregate, rows),
            LogicalWindow window => Windows(window, rows),
            LogicalPrediction prediction => Predict(prediction, rows),
            LogicalSort sort => Sort(sort, rows),
            LogicalTopK top =>
                new LateColumnChoice(planner, this).Choose(top, rows) ?? TopK(top, rows),
            LogicalVectorTopK top => RankVectors(top, rows),
            LogicalTextTopK top => RankTexts(top, rows),
            LogicalLimit limit => new Limit(
                Choose(limit.Input), Resolve(limit.Limit), Resolve(limit.Offset))
            {
                Estimate = rows,
            },
            LogicalDistinct distinct => new Distinct(Choose(distinct.Input))
            {
                Estimate = rows,
            },
            LogicalValues values => new ValuesRows(
                [.. values.Rows.Select(ResolveAll)], values.Output)
            {
                Estimate = rows,
            },
            LogicalSetOperation operation => Combine(operation, rows),
            LogicalApply apply => Lateral(apply, rows),
            LogicalShared shared => new SharedRows(
                shared.Query, planner.PlanShared(shared.Query), shared.Output)
            {
                Estimate = rows,
            },
            LogicalRecursion recursion => Recur(recursion, rows),
            LogicalWorkingTable working => new WorkingRows(working.Table, working.Output),
            LogicalTableFunction function => new TableFunctionRows(
                function.Function, ResolveAll(function.Arguments), function.Output),
            _ => throw Invariant.Broken($"an operator for {node.GetType().Name}"),
        };
    }

    private Apply Lateral(LogicalApply apply, RowEstimate rows)
    {
        PlanNode left = Choose(apply.Left);
        PlanNode right = Choose(apply.Right);
        OutputColumn[] both = [.. left.Output, .. right.Output];
        return new Apply(
            left,
            right,
            [.. apply.Captures.Select(capture => planner.Resolve(capture, left.Output))],
            apply.Condition is null ? null : planner.Resolve(apply.Condition, both),
            apply.KeepsLeft,
            both)
        {
            Estimate = rows,
        };
    }

    private Recursion Recur(LogicalRecursion recursion, RowEstimate rows) => new(
        recursion.Table,
        Planner.SelectColumns(Choose(recursion.Seed), recursion.Seed.Output),
        Planner.SelectColumns(Choose(recursion.Step), recursion.Step.Output),
        recursion.IsAll,
        recursion.Output)
    {
        Estimate = rows,
    };

    private Filter Filter(LogicalFilter filter, RowEstimate rows)
    {
        PlanNode input = Choose(filter.Input);
        return new Filter(input, planner.Resolve(filter.Condition, input.Output))
        {
            Estimate = rows,
        };
    }

    private Sort Sort(LogicalSort sort, RowEstimate rows)
    {
        PlanNode unsorted = Choose(sort.Input);
        return new Sort(unsorted, Order(sort.Keys, unsorted)) { Estimate = rows };
    }

    /// <summary>The first rows in an order, with all columns of the input.</summary>
    public TopK TopK(LogicalTopK top, RowEstimate rows)
    {
        PlanNode unordered = Choose(top.Input);
        return new TopK(
            unordered,
            Order(top.Keys, unordered),
            planner.Resolve(top.Limit, []),
            Resolve(top.Offset))
        {
            Estimate = rows,
        };
    }

    private Expression? Resolve(Expression? expression) =>
        expression is null ? null : planner.Resolve(expression, []);

    private Expression[] ResolveAll(IReadOnlyList<Expression> expressions) =>
        [.. expressions.Select(expression => planner.Resolve(expression, []))];

    private RowOrder Order(IReadOnlyList<SortKey> keys, PlanNode input) =>
        new(SortKey.Map(keys, key => planner.Resolve(key, input.Output)));

    private TableScan ScanTable(LogicalScan scan, Expression? condition, RowEstimate rows) => new(
        scan.Table,
        scan.Alias,
        [.. scan.Columns.Select(column => column.Ordinal)],
        scan.RowAddress is not null,
        Narrow(scan, condition),
        scan.Output)
    {
        Estimate = rows,
    };

    private KeyRange ReadRange(LogicalKeyRange range, RowEstimate rows)
    {
        // What is resolved once is one subquery, wherever it stands.
        LogicalScan scan = range.Scan;
        Expression[] parts =
            [.. range.Parts.Select(part => planner.Resolve(part, scan.Output))];
        var rest = new List<Expression>();
        var bounds = new List<KeyBound>();
        for (int i = 0; i < parts.Length; i++)
        {
            KeyBound? bound = range.BoundOf(range.Parts[i]);
            if (bound is null)
            {
                rest.Add(parts[i]);
            }
            else
            {
                bounds.Add(bound with { Value = planner.Resolve(bound.Value, []) });
            }
        }

        TableScan all = ScanTable(scan, null, rows).WithFilter(
            Conjuncts.Join(parts) is { } filter ? Narrowed(scan, filter) : null);
        return new KeyRange(
            all,
            range.KeyOrdinal,
            [.. bounds],
            Conjuncts.Join(rest),
            range.Order,
            Resolve(range.Limit),
            Resolve(range.Offset))
        {
            Estimate = rows,
        };
    }

    private IndexRange ReadIndex(LogicalIndexRange range, RowEstimate rows)
    {
        LogicalScan scan = range.Scan;
        Expression? condition = Conjuncts.Join(
            [.. range.Parts.Select(part => planner.Resolve(part, scan.Output))]);
        TableScan all = ScanTable(scan, null, rows).WithFilter(
            condition is null ? null : Narrowed(scan, condition));
        return new IndexRange(
            all,
            range.Match.Map(value => planner.Resolve(value, [])),
            condition,
            range.Order,
            range.IsNotNull,
            Resolve(range.Limit),
            Resolve(range.Offset))
        {
            IsWholeMatch = range.Match is { Bounds.Count: 0, Prefix: null }
                && range.Parts.Count == range.Match.Heads.Count,
            Estimate = rows,
        };
    }

    private VectorRange ReadVectors(LogicalVectorRange range, RowEstimate rows)
    {
        LogicalScan scan = range.Scan;
        Expression condition = Conjuncts.Join(
            [.. range.Parts.Select(part => planner.Resolve(part, scan.Output))])!;
        return new VectorRange(
            ScanTable(scan, null, rows).WithFilter(Narrowed(scan, condition)),
            condition,
            range.Ordinal,
            range.Distance,
            planner.Resolve(range.Query, []),
            planner.Resolve(range.Bound, []))
        {
            Estimate = rows,
        };
    }

    private NarrowExpression? Narrow(LogicalScan scan, Expression? condition) =>
        condition is null ? null : Narrowed(scan, planner.Resolve(condition, scan.Output));

    private static NarrowExpression Narrowed(LogicalScan scan, Expression resolved)
    {
        int[] tableOrdinals = [.. scan.Columns.Select(column => column.Ordinal)];
        return NarrowExpression.Of(resolved).Through(tableOrdinals);
    }

    private KeyLookup LookUp(LogicalKeyLookup lookup, RowEstimate rows) => new(
        lookup.Scan.Table,
        lookup.KeyOrdinal,
        [.. lookup.Keys.Select(ResolveAll)],
        [.. lookup.Scan.Columns.Select(column => column.Ordinal)],
        lookup.Scan.RowAddress is not null,
        lookup.Output)
    {
        Estimate = rows,
    };

    /// <summary>What a projection computes, over an input that is chosen.</summary>
    public PlanNode Project(LogicalProject project, PlanNode input, RowEstimate rows)
    {
        Expression[] expressions =
        [
            .. project.Columns.Select(
                column => planner.Resolve(column.Expression, input.Output)),
        ];
        int[] ordinals =
            [.. expressions.OfType<OrdinalExpression>().Select(column => column.Ordinal)];
        if (ordinals.Length == expressions.Length)
        {
            bool isSame = ordinals.Length == input.Output.Count
                && project.Output.SequenceEqual(input.Output);
            return isSame ? input : Planner.SelectOrdinals(input, ordinals, project.Output);
        }

        return new Project(input, expressions, project.Output) { Estimate = rows };
    }

    private HashAggregate Aggregate(LogicalAggregate aggregate, RowEstimate rows)
    {
        PlanNode input = Choose(aggregate.Input);
        var shared = new SharedArithmetic();
        Expression ResolveInput(Expression expression) =>
            shared.Share(planner.Resolve(expression, input.Output));
        return new HashAggregate(
            input,
            [.. aggregate.Keys.Select(key => ResolveInput(key.Expression))],
            [.. aggregate.Aggregates.Select(item =>
            {
                AggregateCall call = item.Call.Map(ResolveInput);
                return new AggregateStep(call.Function, call.Filter);
            })],
            [.. aggregate.Firsts.Select(first => ResolveInput(first.Expression))],
            aggregate.Sets?.Sets,
            aggregate.Output)
        {
            Estimate = rows,
        };
    }

    private Window Windows(LogicalWindow window, RowEstimate rows)
    {
        PlanNode input = Choose(window.Input);
        Expression ResolveInput(Expression expression) =>
            planner.Resolve(expression, input.Output);
        return new Window(
            input,
            [.. window.Partition.Select(ResolveInput)],
            Order(window.Order, input),
            [.. window.Functions.Select(function => function.Call.Map(ResolveInput))],
            [.. input.Output, .. window.Functions.Select(function => function.Column)])
        {
            Estimate = rows,
        };
    }

    private Predict Predict(LogicalPrediction prediction, RowEstimate rows)
    {
        PlanNode input = Choose(prediction.Input);
        return new Predict(
            input,
            [.. prediction.Columns.Select(column =>
                (PredictionExpression)planner.Resolve(column.Prediction, input.Output))],
            [.. input.Output, .. prediction.Columns.Select(column => column.Column)])
        {
            Estimate = rows,
        };
    }

    private PlanNode Combine(LogicalSetOperation operation, RowEstimate rows)
    {
        var combined = new SetOperation(
            operation.Operator,
            operation.IsAll,
            Choose(operation.Left),
            Choose(operation.Right),
            operation.Output)
        {
            Estimate = rows,
        };
        bool isUnion = operation is { Operator: SetOperator.Union, IsAll: false };
        return isUnion ? new Distinct(combined) { Estimate = rows } : combined;
    }

    private VectorTopK RankVectors(LogicalVectorTopK top, RowEstimate rows)
    {
        VectorRanking ranking = top.Ranking;
        TableScan input = ScanTable(top.Scan, top.Filter, Cardinality.Estimate(top.Scan));
        var resolved = ranking with
        {
            Query = planner.Resolve(ranking.Query, []),
            Limit = planner.Resolve(ranking.Limit, []),
            Offset = Resolve(ranking.Offset),
            TieKey = ranking.TieKey is null
                ? null
                : planner.Resolve(ranking.TieKey, [top.Measure]),
        };
        PlanNode? passing = top.Passing is null
            ? null
            : Planner.SelectColumns(Choose(top.Passing), top.Passing.Output);
        Project all = Measured(
            input, ranking.Distance, [.. top.Scan.Output, top.Measure]);
        PlanNode general = ranking.IsFinal
            ? RankAll(all, ranking.Key, resolved.Limit, resolved.Offset)
            : all;
        return new VectorTopK(
            input, resolved, Planner.SelectColumns(general, top.Output), passing, top.Output)
        {
            Groups = [.. ranking.Groups.Select(
                group => Narrowed(top.Scan, planner.Resolve(group, top.Scan.Output)))],
            HasFreePassing = top.Passing is null || !RepeatedRows.ReadsOuter(top.Passing),
            Estimate = rows,
        };
    }

    private TextTopK RankTexts(LogicalTextTopK top, RowEstimate rows)
    {
        TextScoring scoring = top.Scoring;
        TableScan input = ScanTable(top.Scan, top.Filter, Cardinality.Estimate(top.Scan));
        var resolved = scoring with
        {
            Limit = planner.Resolve(scoring.Limit, []),
            Offset = Resolve(scoring.Offset),
        };
        TopK general = RankAll(
            Measured(input, scoring.Score, top.Output),
            scoring.Key, resolved.Limit, resolved.Offset);
        return new TextTopK(input, resolved, general, top.Output)
        {
            Estimate = rows,
        };
    }

    // The rows of a scan with a value of each; the last column.
    private Project Measured(
        TableScan input, Expression value, IReadOnlyList<OutputColumn> output) => new(
        input,
        [
            .. input.Output.Select((column, i) =>
                new OrdinalExpression(i, column.Name, column.Type)),
            planner.Resolve(value, input.Output),
        ],
        output);

    private static TopK RankAll(Project all, SortKey key, Expression limit, Expression? offset)
    {
        OutputColumn measure = all.Output[^1];
        var ordered = key with
        {
            Expression = new OrdinalExpression(
                all.Output.Count - 1, measure.Name, measure.Type),
        };
        return new TopK(all, new RowOrder([ordered]), limit, offset);
    }
}
