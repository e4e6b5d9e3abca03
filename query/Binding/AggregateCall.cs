namespace NeuroDb.Query;

/// <summary>A bound call of an aggregate.</summary>
internal sealed class AggregateCall(
    AggregateFunction function,
    IReadOnlyList<Expression> arguments,
    bool isDistinct,
    Expression? filter)
{
    /// <summary>The aggregate.</summary>
    public AggregateFunction Function { get; } = function;

    /// <summary>What it aggregates; empty for count(*).</summary>
    public IReadOnlyList<Expression> Arguments { get; } = arguments;

    /// <summary>Whether equal values count once.</summary>
    public bool IsDistinct { get; } = isDistinct;

    /// <summary>Which rows take part; null for all.</summary>
    public Expression? Filter { get; } = filter;

    /// <summary>The type of the result.</summary>
    public DataType Type => Function.Type;

    /// <summary>The same call over changed expressions.</summary>
    public AggregateCall Map(Func<Expression, Expression> map) =>
        new(Function, [.. Arguments.Select(map)], IsDistinct, Filter is null ? null : map(Filter));

    /// <summary>Whether another call always gives the same result.</summary>
    public bool IsSameAs(AggregateCall other) =>
        Function.Name == other.Function.Name
        && Type == other.Type
        && IsDistinct == other.IsDistinct
        && Arguments.Count == other.Arguments.Count
        && Arguments.Zip(other.Arguments).All(
            pair => ExpressionEquality.AreEqual(pair.First, pair.Second))
        && (Filter is null
            ? other.Filter is null
            : other.Filter is not null && ExpressionEquality.AreEqual(Filter, other.Filter));

    /// <inheritdoc/>
    public override string ToString()
    {
        string distinct = IsDistinct ? "DISTINCT " : "";
        string arguments = Arguments.Count == 0 ? "*" : string.Join(", ", Arguments);
        string filter = Filter is null ? "" : $" FILTER (WHERE {Filter})";
        return $"{Function.Name}({distinct}{arguments}){filter}";
    }
}
