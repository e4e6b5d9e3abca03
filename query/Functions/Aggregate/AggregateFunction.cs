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
    /// <summary>The result for no row at all.</summary>
    public Value OfNothing => Name switch
    {
        "count" or "approx_count_distinct" => Value.Of(0L),
        "total" => Value.Of(0.0),
        _ => Value.Null,
    };

    /// <summary>A new state without groups.</summary>
    public AggregateState CreateState() =>
        IsDistinct ? new DistinctState(MakeState(), Arguments[0].Type) : MakeState();

    /// <summary>The same aggregate over rewritten arguments of the same types.</summary>
    public AggregateFunction WithArguments(IReadOnlyList<Expression> arguments)
    {
        Invariant.Check(arguments.Count == Arguments.Count);
        return this with { Arguments = arguments };
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string arguments = Arguments.Count == 0 ? "*" : string.Join(", ", Arguments);
        return $"{Name}({(IsDistinct ? "DISTINCT " : string.Empty)}{arguments})";
    }
}
