namespace NeuroDb.Query;

/// <summary>
/// Columns of different inputs of joins that conditions make equal, directly or through others. If
/// a = b and b = c then a = c joins a with c before b, which may be by far the smaller result; so
/// every pair of a class becomes a condition. Made for one choice of an order.
/// </summary>
internal sealed class ColumnClasses
{
    // A class of n columns has n(n - 1)/2 pairs.
    private const int MemberCountMax = 16;

    private readonly List<List<ColumnExpression>> _classes = [];
    private readonly List<(int Left, int Right, int Class)> _pairs = [];

    /// <summary>Finds the classes among some conditions.</summary>
    /// <param name="conditions">The conditions; those that follow from them are added.</param>
    /// <param name="leafOf">The input of each column.</param>
    public ColumnClasses(
        List<Expression> conditions, IReadOnlyDictionary<int, int> leafOf)
    {
        foreach (Expression condition in conditions)
        {
            if (TryPair(condition, out ColumnExpression left, out ColumnExpression right))
            {
                Join(left, right);
            }
        }

        // Two columns of one input that are equal are a condition of that input: no join makes
        // them equal below another.
        _classes.RemoveAll(members => members.Count > MemberCountMax
            || members.DistinctBy(member => leafOf[member.Id]).Count() < members.Count);
        foreach (Expression condition in conditions)
        {
            if (TryPair(condition, out ColumnExpression left, out ColumnExpression right)
                && IndexOf(left) is >= 0 and var known)
            {
                _pairs.Add((left.Id, right.Id, known));
            }
        }

        for (int i = 0; i < _classes.Count; i++)
        {
            AddImplied(i, conditions);
        }
    }

    /// <summary>The class of a condition; -1 for none.</summary>
    public int ClassOf(Expression condition) =>
        TryPair(condition, out ColumnExpression left, out _) ? IndexOf(left) : -1;

    private static bool TryPair(
        Expression condition, out ColumnExpression left, out ColumnExpression right)
    {
        if (condition is ComparisonExpression { Operator: BinaryOperator.Equal } equal
            && equal.Children is [ColumnExpression first, ColumnExpression second]
            && first.Type.Physical == second.Type.Physical
            && first.Id != second.Id)
        {
            (left, right) = (first, second);
            return true;
        }

        left = right = null!;
        return false;
    }

    private int IndexOf(ColumnExpression column) =>
        _classes.FindIndex(members => Has(members, column));

    private static bool Has(List<ColumnExpression> members, ColumnExpression column) =>
        members.Exists(member => member.Id == column.Id);

    private void Join(ColumnExpression left, ColumnExpression right)
    {
        int first = IndexOf(left);
        int second = IndexOf(right);
        if (first < 0 && second < 0)
        {
            _classes.Add([left, right]);
        }
        else if (first < 0)
        {
            _classes[second].Add(left);
        }
        else if (second < 0)
        {
            _classes[first].Add(right);
        }
        else if (first != second)
        {
            _classes[first].AddRange(_classes[second]);
            _classes.RemoveAt(second);
        }
    }

    private void AddImplied(int number, List<Expression> conditions)
    {
        List<ColumnExpression> members = _classes[number];
        for (int i = 0; i < members.Count; i++)
        {
            for (int j = i + 1; j < members.Count; j++)
            {
                int left = members[i].Id;
                int right = members[j].Id;
                if (!_pairs.Exists(pair => (pair.Left == left && pair.Right == right)
                    || (pair.Left == right && pair.Right == left)))
                {
                    conditions.Add(new ComparisonExpression(
                        BinaryOperator.Equal, members[i], members[j]));
                }
            }
        }
    }
}
