namespace NeuroDb.Query;

/// <summary>
/// What follows from equal columns: where a = b holds and a = 1, a &lt; 5 or a IN (1, 2) does, b is
/// such too, so that the other side of a join reads fewer rows, perhaps by an index. Of conditions
/// that hold for the same rows; equal are values of one kind by the comparison of that kind, so
/// that one may stand for the other. Comparisons of NULLs hold for no row.
/// </summary>
internal sealed class ImpliedConditions
{
    // What joins of many columns say of each other grows with the product.
    private const int KnownCountMax = 256;

    private readonly List<Expression> _known = [];
    private readonly EqualSets<Expression> _equal = new(ExpressionEquality.AreEqual);

    /// <summary>Takes conditions that hold for the same rows.</summary>
    public ImpliedConditions(IEnumerable<Expression> known)
    {
        foreach (Expression part in known.Take(KnownCountMax))
        {
            _known.Add(part);
            if (part is ComparisonExpression { Operator: BinaryOperator.Equal } equal
                && equal.Children is [var left, var right]
                && IsMember(left) && IsMember(right) && AreAlike(left.Type, right.Type))
            {
                _equal.Join(left, right);
            }
        }

        AddConverted();
    }

    /// <summary>Adds the conditions that hold for every row of a node, where known.</summary>
    public static void Collect(LogicalNode node, List<Expression> known)
    {
        switch (node)
        {
            case LogicalFilter filter:
                Conjuncts.Split(filter.Condition, known);
                Collect(filter.Input, known);
                break;
            case LogicalJoin { Kind: JoinKind.Inner or JoinKind.Cross } join:
                Conjuncts.Split(join.Condition, known);
                Collect(join.Left, known);
                Collect(join.Right, known);
                break;
            case LogicalJoin { Kind: JoinKind.Left or JoinKind.Semi or JoinKind.Anti } join:
                Collect(join.Left, known);
                break;
            case LogicalProject project:
                CollectRenamed(project, known);
                break;
            case LogicalKeyLookup lookup:
                CollectKeys(lookup, known);
                break;
            case LogicalKeyRange range:
                known.AddRange(range.Parts);
                break;
            case LogicalIndexRange range:
                known.AddRange(range.Parts);
                break;
            case LogicalDistinct or LogicalSort or LogicalLimit:
                Collect(node.Children[0], known);
                break;
            default:
                break;
        }
    }

    /// <summary>How many values the conditions of a node leave columns of it, by number.</summary>
    public static Dictionary<int, int> ValueCounts(LogicalNode node)
    {
        var known = new List<Expression>();
        Collect(node, known);
        var counts = new Dictionary<int, int>();
        foreach (Expression part in known)
        {
            int count = part is InListExpression list ? list.Children.Count - 1 : 1;
            bool isList = part is InListExpression
                or ComparisonExpression { Operator: BinaryOperator.Equal };
            if (isList && TestedBy(part) is ColumnExpression column)
            {
                counts[column.Id] = counts.TryGetValue(column.Id, out int other)
                    ? Math.Min(count, other)
                    : count;
            }
        }

        return counts;
    }

    /// <summary>Adds what follows about some columns alone, without what is known.</summary>
    public void AddFor(HashSet<int> columns, List<Expression> parts)
    {
        if (_equal.All.Count == 0)
        {
            return;
        }

        int count = _known.Count;
        for (int i = 0; i < count; i++)
        {
            if (TestedBy(_known[i]) is { } tested && _equal.Of(tested) is { } members)
            {
                foreach (Expression member in members)
                {
                    if (!IsExact(member) && !ExpressionEquality.AreEqual(member, tested)
                        && ColumnSets.ReadsOnly(member, columns))
                    {
                        Add(Replace(_known[i], tested, member), parts);
                    }
                }
            }
        }
    }

    private static void CollectKeys(LogicalKeyLookup lookup, List<Expression> known)
    {
        int[] ordinals = lookup.Scan.Table.Schema.Keys[lookup.KeyOrdinal].Ordinals;
        for (int i = 0; i < ordinals.Length; i++)
        {
            ScannedColumn? column = lookup.Scan.Columns.FirstOrDefault(
                item => item.Ordinal == ordinals[i]);
            if (column?.Column is { } found)
            {
                var key = new ColumnExpression(found.Id, found.Name, found.Type);
                Expression[] values = [.. lookup.Keys.Select(values => values[i])];
                known.Add(values is [var value]
                    ? new ComparisonExpression(BinaryOperator.Equal, key, value)
                    : new InListExpression([key, .. values]));
            }
        }
    }

    // What passes through a projection unchanged has another name above it.
    private static void CollectRenamed(LogicalProject project, List<Expression> known)
    {
        var inner = new List<Expression>();
        Collect(project.Input, inner);
        var names = new Dictionary<int, Expression>();
        foreach (ProjectedColumn column in project.Columns)
        {
            if (column.Expression is ColumnExpression from)
            {
                names.TryAdd(from.Id, new ColumnExpression(
                    column.Column.Id, column.Column.Name, column.Column.Type));
            }
        }

        HashSet<int> renamed = [.. names.Keys];
        known.AddRange(inner
            .Where(part => ColumnSets.IsMovable(part) && ColumnSets.ReadsOnly(part, renamed))
            .Select(part => ColumnSets.Substitute(part, names)));
    }

    // Where a whole number is compared with a number of another kind, it is converted; that never
    // fails, and one number becomes one.
    private static bool IsExact(Expression cast) =>
        cast is CastExpression { Kind: CastKind.Implicit, Children: [var whole] }
        && whole.Type.IsInteger && cast.Type.IsNumeric && !cast.Type.IsInteger;

    // c = 1 says what c is converted to.
    private void AddConverted()
    {
        List<Expression> casts =
            [.. _equal.All.SelectMany(static members => members).Where(IsExact)];
        foreach (Expression cast in casts)
        {
            foreach (Expression part in _known.ToArray())
            {
                if (part is ComparisonExpression { Operator: BinaryOperator.Equal } equal
                    && TestedBy(part) is { } tested
                    && ExpressionEquality.AreEqual(tested, cast.Children[0]))
                {
                    _known.Add(new ComparisonExpression(
                        BinaryOperator.Equal,
                        cast,
                        cast.WithChildren([equal.Children[
                            ReferenceEquals(tested, equal.Children[0]) ? 1 : 0]])));
                }
            }
        }
    }

    // A column, or what stands for it where it is compared.
    private static bool IsMember(Expression side) => side switch
    {
        ColumnExpression => true,
        CastExpression { Children: [ColumnExpression] } => IsExact(side),
        FunctionExpression { Children: [ColumnExpression] } => CollateExpression.IsKey(side),
        _ => false,
    };

    private static bool AreAlike(DataType left, DataType right) =>
        left.Physical == right.Physical && !left.IsVector
        && (left.Kind == right.Kind || (left.IsInteger && right.IsInteger))
        && ((left.Shape is null && right.Shape is null) || left == right);

    // What a condition compares with values that are the same for all rows; null for another one.
    private static Expression? TestedBy(Expression part) => part switch
    {
        ComparisonExpression
        {
            Operator: not (BinaryOperator.IsDistinctFrom or BinaryOperator.IsNotDistinctFrom),
            Children: [var left, var right],
        } => IsMember(left) && IsValue(right) ? left
            : IsMember(right) && IsValue(left) ? right : null,
        InListExpression list when IsMember(list.Children[0])
            && list.Children.Skip(1).All(IsValue) => list.Children[0],
        LikeExpression { Children: [ColumnExpression text, ..] } like
            when like.Children.Skip(1).All(IsValue) => text,
        _ => null,
    };

    // Nothing that might fail where the condition itself is asked of no row.
    private static bool IsValue(Expression value) => value switch
    {
        ConstantExpression constant => !constant.Value.IsNull,
        ParameterExpression or OuterExpression => true,
        CastExpression { Kind: CastKind.Implicit, IsRowIndependent: true } cast =>
            IsValue(cast.Children[0]),
        _ => false,
    };

    private static Expression Replace(Expression part, Expression tested, Expression member) =>
        part.WithChildren([.. part.Children.Select(child =>
            ReferenceEquals(child, tested) ? member : child)]);

    private void Add(Expression implied, List<Expression> parts)
    {
        if (!_known.Exists(part => ExpressionEquality.AreEqual(part, implied)))
        {
            _known.Add(implied);
            parts.Add(implied);
        }
    }
}
