namespace NeuroDb.Query;

/// <summary>
/// A bound aggregate. Immutable; the operator evaluates <see cref="Arguments"/> for each batch
/// and feeds the columns to a state that it creates for each execution.
/// </summary>
/// <param name="Name">The name, in lower case.</param>
/// <param name="ResultType">The type of the result.</param>
/// <param name="Arguments">What to evaluate for each row; none for count(*).</param>
/// <param name="IsDistinct">Whether equal arguments count once in each group.</param>
/// <param name="MakeState">Makes the state without DISTINCT.</param>
internal sealed record AggregateFunction(
    string Name,
    DataType ResultType,
    IReadOnlyList<Expression> Arguments,
    bool IsDistinct,
    Func<AggregateState> MakeState)
{
    /// <summary>
    /// The order in which rows are taken; the last arguments are its keys. Empty for any order.
    /// </summary>
    public IReadOnlyList<SortKey> Order { get; init; } = [];

    /// <summary>The order of WITHIN GROUP or of the only argument, for EXPLAIN.</summary>
    public SortKey? Sorted { get; init; }

    /// <summary>Which argument DISTINCT compares.</summary>
    public int DistinctOrdinal { get; init; }

    /// <summary>Whether it may stand before OVER: its states merge.</summary>
    public bool HasWindowForm { get; init; } = true;

    // NULL is a value for what puts values side by side.
    private bool CollectsNull => Name is "array_agg" or "list" or "json_agg" or "jsonb_agg"
        or "json_group_array";

    /// <summary>The result for no row at all.</summary>
    public Value OfNothing => Name switch
    {
        "count" or "count_if" or "regr_count" or "approx_count_distinct" => Value.Of(0L),
        "total" => Value.Of(0.0),
        _ => Value.Null,
    };

    /// <summary>A new state without groups.</summary>
    public AggregateState CreateState()
    {
        AggregateState state = MakeState();
        if (Order.Count > 0)
        {
            state = new OrderedState(state, [.. Arguments.Select(item => item.Type)], Order);
        }

        return IsDistinct
            ? new DistinctState(
                state, Arguments[DistinctOrdinal].Type, DistinctOrdinal, CollectsNull)
            : state;
    }

    /// <summary>The same aggregate over rewritten arguments of the same types.</summary>
    public AggregateFunction WithArguments(IReadOnlyList<Expression> arguments)
    {
        Invariant.Check(arguments.Count == Arguments.Count);
        return this with { Arguments = arguments };
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        int count = Arguments.Count - Order.Count;
        string arguments = count == 0 ? "*" : string.Join(", ", Arguments.Take(count));
        string order = Order.Count == 0
            ? string.Empty
            : $" ORDER BY {string.Join(", ", Order)}";
        string within = Sorted is null ? string.Empty : $" WITHIN GROUP (ORDER BY {Sorted})";
        return $"{Name}({(IsDistinct ? "DISTINCT " : string.Empty)}{arguments}{order}){within}";
    }
}
