namespace NeuroDb.Query;

/// <summary>
/// The first pairs of two sides by the distance of a vector of one from a vector of the other: they
/// are among the nearest rows of the one side for each row of the other, which is what LATERAL
/// says.
/// </summary>
internal sealed class NearestPairs
{
    private const double RowCountMax = 10_000;
    private const double ScannedRowCountMax = 100;
    private readonly HashSet<int> _others;
    private readonly List<Expression> _captures = [];
    private readonly HashSet<OuterExpression> _own = new(ReferenceEqualityComparer.Instance);

    private NearestPairs(LogicalNode other) => _others = ColumnSets.Of(other.Output);

    /// <summary>What lies below an order, with its join replaced; null if there is none.</summary>
    /// <param name="input">What lies below the order.</param>
    /// <param name="keys">The order.</param>
    /// <param name="limit">The limit above.</param>
    /// <param name="nearest">Finds the nearest rows of one side.</param>
    public static LogicalNode? TryReplace(
        LogicalNode input,
        IReadOnlyList<SortKey> keys,
        LogicalLimit limit,
        Func<LogicalNode, LogicalNode> nearest)
    {
        if (input is LogicalProject project
            && project.Columns.All(static column => ColumnSets.IsMovable(column.Expression)))
        {
            SortKey[] below =
                SortKey.Map(keys, key => ColumnSets.Through(project, key));
            return TryReplace(project.Input, below, limit, nearest) is { } replaced
                ? project.WithChildren([replaced])
                : null;
        }

        return input is LogicalJoin { Kind: JoinKind.Inner or JoinKind.Cross } join
            && RankKey.TryFind(keys[0]) is { } rank && CountOf(limit) is { } count
            && keys.All(static key => ColumnSets.IsMovable(key.Expression))
                ? OfSide(join, 0, rank, keys, count, nearest)
                    ?? OfSide(join, 1, rank, keys, count, nearest)
                : null;
    }

    private static LogicalNode? OfSide(
        LogicalJoin join,
        int side,
        RankKey rank,
        IReadOnlyList<SortKey> keys,
        Expression count,
        Func<LogicalNode, LogicalNode> nearest)
    {
        LogicalNode searched = join.Children[side];
        LogicalNode other = join.Children[1 - side];
        double rows = Cardinality.Of(other);
        if (rows > (join.Condition is null ? RowCountMax : ScannedRowCountMax)
            || rows > Cardinality.Of(searched)
            || !Compares(rank.Distance, searched, other)
            || !RepeatedRows.IsRepeatable(searched)
            || (join.Condition is not null && (!ColumnSets.IsMovable(join.Condition)
                || join.Condition.Any(static part => part is SubqueryExpression))))
        {
            return null;
        }

        var pairs = new NearestPairs(other);
        LogicalNode filtered = join.Condition is null
            ? searched
            : new LogicalFilter(searched, pairs.Captured(join.Condition));
        LogicalNode first = new LogicalLimit(
            new LogicalSort(pairs.Captured(filtered), SortKey.Map(keys, pairs.Captured)),
            count,
            null);
        return new LogicalApply(
            keepsLeft: false, other, nearest(first), pairs._captures, condition: null);
    }

    private static bool Compares(
        VectorDistanceExpression distance, LogicalNode searched, LogicalNode other)
    {
        HashSet<int> ours = ColumnSets.Of(searched.Output);
        HashSet<int> theirs = ColumnSets.Of(other.Output);
        return IsPair(distance.Left, distance.Right) || IsPair(distance.Right, distance.Left);

        bool IsPair(Expression vector, Expression query) =>
            vector is ColumnExpression column && ours.Contains(column.Id)
            && !ColumnSets.ReadsNone(query) && ColumnSets.ReadsOnly(query, theirs);
    }

    // All rows up to the last one wanted; null where the number is not known.
    private static Expression? CountOf(LogicalLimit limit)
    {
        if (limit.Offset is null)
        {
            return limit.Limit;
        }

        return limit is
        {
            Limit: ConstantExpression { Value: { IsNull: false } most },
            Offset: ConstantExpression { Value: { IsNull: false } skipped },
        } && most.AsInt64() is >= 0 and < int.MaxValue
            && skipped.AsInt64() is >= 0 and < int.MaxValue
                ? new ConstantExpression(
                    Value.Of(most.AsInt64() + skipped.AsInt64()), DataType.BigInt)
                : null;
    }

    // What an enclosing query gave is handed on.
    private LogicalNode Captured(LogicalNode node)
    {
        LogicalNode[] children = [.. node.Children.Select(Captured)];
        LogicalNode over = children.Length == 0 ? node : node.WithChildren(children);
        return over.MapExpressions(CapturedOuter);
    }

    private Expression CapturedOuter(Expression expression) => expression.Rewrite(
        part => part is OuterExpression outer && !IsOwn(outer) ? Slot(outer) : part);

    private Expression Captured(Expression expression) => expression.Rewrite(
        part => part is ColumnExpression column && _others.Contains(column.Id)
            ? Slot(column)
            : part is OuterExpression outer && !IsOwn(outer) ? Slot(outer) : part);

    private bool IsOwn(OuterExpression outer) => _own.Contains(outer);

    private OuterExpression Slot(Expression value)
    {
        int slot = _captures.FindIndex(
            known => ExpressionEquality.AreEqual(known, value));
        if (slot < 0)
        {
            slot = _captures.Count;
            _captures.Add(value);
        }

        var outer = new OuterExpression(slot, value.ToString(), value.Type);
        _own.Add(outer);
        return outer;
    }
}
