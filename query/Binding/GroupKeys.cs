namespace NeuroDb.Query;

/// <summary>
/// The keys of GROUP BY and the sets that they form. ROLLUP, CUBE and GROUPING SETS stand for
/// several sets; the items of GROUP BY combine each set of one with each set of the others.
/// </summary>
internal sealed class GroupKeys(Func<ExpressionSyntax, Expression> bind)
{
    private readonly List<Expression> _keys = [];
    private List<int[]> _sets = [[]];

    /// <summary>The keys, each once.</summary>
    public IReadOnlyList<Expression> Keys => _keys;

    /// <summary>Whether there is more than the one set of all keys.</summary>
    public bool HasSets { get; private set; }

    /// <summary>The sets, as ordinals of the keys.</summary>
    public IReadOnlyList<int[]> Sets => _sets;

    /// <summary>Adds an item of GROUP BY.</summary>
    public void Add(ExpressionSyntax item)
    {
        List<int[]> sets = SetsOf(item);
        HasSets |= sets.Count != 1 || item is RowExpressionSyntax { Items.Count: 0 };
        if ((long)_sets.Count * sets.Count > Limits.GroupingSetCountMax)
        {
            throw TooMany(item.Position);
        }

        _sets = [.. _sets.SelectMany(
            known => sets.Select(set => known.Union(set).ToArray()))];
    }

    /// <summary>Adds a key that is bound already.</summary>
    public void Add(Expression key)
    {
        int ordinal = OrdinalOf(key);
        _sets = [.. _sets.Select(set => set.Append(ordinal).Distinct().ToArray())];
    }

    private static ResourceLimitException TooMany(SourcePosition position) => new(
        ErrorCode.ResourceLimit,
        $"GROUP BY forms more than {Limits.GroupingSetCountMax} grouping sets.",
        position);

    private List<int[]> SetsOf(ExpressionSyntax item)
    {
        switch (item)
        {
            case GroupingSetsSyntax sets:
                return [.. sets.Sets.SelectMany(SetsOf)];
            case FunctionCallSyntax { Name.Parts: [var name] } call
                when Is(name, "rollup") || Is(name, "cube"):
                List<int[]> parts = [.. call.Arguments.Select(part => OneSet(part.Value))];
                return Is(name, "cube") ? Cube(parts, item.Position) : Rollup(parts);
            default:
                return [OneSet(item)];
        }
    }

    private static bool Is(IdentifierSyntax name, string word) =>
        !name.IsQuoted && string.Equals(name.Name, word, StringComparison.OrdinalIgnoreCase);

    private static List<int[]> Rollup(List<int[]> parts)
    {
        var sets = new List<int[]>();
        for (int count = parts.Count; count >= 0; count--)
        {
            sets.Add([.. parts.Take(count).SelectMany(part => part).Distinct()]);
        }

        return sets;
    }

    private static List<int[]> Cube(List<int[]> parts, SourcePosition position)
    {
        if (parts.Count > 30 || 1 << parts.Count > Limits.GroupingSetCountMax)
        {
            throw TooMany(position);
        }

        var sets = new List<int[]>();
        for (int mask = (1 << parts.Count) - 1; mask >= 0; mask--)
        {
            int chosen = mask;
            sets.Add([.. parts
                .Where((_, i) => (chosen & (1 << (parts.Count - 1 - i))) != 0)
                .SelectMany(part => part)
                .Distinct()]);
        }

        return sets;
    }

    private int[] OneSet(ExpressionSyntax item) => item is RowExpressionSyntax row
        ? [.. row.Items.Select(key => OrdinalOf(bind(key))).Distinct()]
        : [OrdinalOf(bind(item))];

    private int OrdinalOf(Expression key)
    {
        int ordinal = _keys.FindIndex(known => ExpressionEquality.AreEqual(known, key));
        if (ordinal < 0)
        {
            ordinal = _keys.Count;
            _keys.Add(key);
        }

        return ordinal;
    }
}
