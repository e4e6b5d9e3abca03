namespace NeuroDb.Query;

/// <summary>A bound window function, without its window.</summary>
/// <param name="Kind">What it computes.</param>
/// <param name="Name">The name, in lower case.</param>
/// <param name="Type">The type of the result.</param>
/// <param name="Arguments">The arguments of a function that is no aggregate.</param>
/// <param name="Aggregate">The aggregate and its filter, if it is one; else null.</param>
/// <param name="Frame">The rows looked at; null where the function looks at no frame.</param>
/// <param name="IgnoresNulls">Whether rows whose first argument is NULL are passed over.</param>
internal sealed record WindowCall(
    WindowKind Kind,
    string Name,
    DataType Type,
    IReadOnlyList<Expression> Arguments,
    AggregateCall? Aggregate,
    WindowFrame? Frame,
    bool IgnoresNulls)
{
    /// <summary>All expressions that are evaluated for a row.</summary>
    public IEnumerable<Expression> Expressions =>
        [
            .. Arguments,
            .. Aggregate?.Function.Arguments ?? [],
            .. Aggregate?.Filter is { } filter ? [filter] : Array.Empty<Expression>(),
            .. Frame?.Expressions ?? [],
        ];

    /// <summary>The same call over changed expressions.</summary>
    public WindowCall Map(Func<Expression, Expression> map) => this with
    {
        Arguments = [.. Arguments.Select(map)],
        Aggregate = Aggregate?.Map(map),
        Frame = Frame?.Map(map),
    };

    /// <summary>Whether another call over the same window always gives the same.</summary>
    public bool IsSameAs(WindowCall other) =>
        Kind == other.Kind
        && Type == other.Type
        && IgnoresNulls == other.IgnoresNulls
        && Arguments.Count == other.Arguments.Count
        && Arguments.Zip(other.Arguments)
            .All(pair => ExpressionEquality.AreEqual(pair.First, pair.Second))
        && (Aggregate is null
            ? other.Aggregate is null
            : other.Aggregate is not null && Aggregate.IsSameAs(other.Aggregate))
        && (Frame is null
            ? other.Frame is null
            : other.Frame is not null && Frame.IsSameAs(other.Frame));

    /// <inheritdoc/>
    public override string ToString()
    {
        string call = Aggregate?.ToString() ?? $"{Name}({string.Join(", ", Arguments)})";
        string nulls = IgnoresNulls ? " IGNORE NULLS" : "";
        return Frame is null || Frame.IsDefault ? call + nulls : $"{call}{nulls} {Frame}";
    }
}
