namespace NeuroDb.Query;

/// <summary>A bound call of an aggregate.</summary>
/// <param name="Function">The aggregate with its arguments.</param>
/// <param name="Filter">Which rows take part; null for all.</param>
internal sealed record AggregateCall(AggregateFunction Function, Expression? Filter)
{
    /// <summary>The type of the result.</summary>
    public DataType Type => Function.ResultType;

    /// <summary>The same call over changed expressions.</summary>
    public AggregateCall Map(Func<Expression, Expression> map) => new(
        Function.WithArguments([.. Function.Arguments.Select(map)]),
        Filter is null ? null : map(Filter));

    /// <summary>Whether another call always gives the same result.</summary>
    public bool IsSameAs(AggregateCall other) =>
        Function.Name == other.Function.Name
        && Type == other.Type
        && Function.IsDistinct == other.Function.IsDistinct
        && Function.ToString() == other.Function.ToString()
        && Function.Arguments.Count == other.Function.Arguments.Count
        && Function.Arguments.Zip(other.Function.Arguments).All(
            pair => ExpressionEquality.AreEqual(pair.First, pair.Second))
        && (Filter is null
            ? other.Filter is null
            : other.Filter is not null && ExpressionEquality.AreEqual(Filter, other.Filter));

    /// <inheritdoc/>
    public override string ToString() =>
        Filter is null ? Function.ToString() : $"{Function} FILTER (WHERE {Filter})";
}
