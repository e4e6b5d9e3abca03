namespace NeuroDb.Query;

/// <summary>A bound frame: which rows around a row a window function looks at.</summary>
/// <param name="Unit">What the ends count.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Exclusion">Which rows are left out.</param>
/// <param name="RangeKey">
/// The key of the order in the type of the ends' targets; null unless an end of RANGE counts.
/// </param>
/// <param name="IsDescending">Whether the key of the order descends.</param>
/// <param name="IsDefault">Whether no frame was written.</param>
internal sealed record WindowFrame(
    FrameUnit Unit,
    WindowBound Start,
    WindowBound End,
    FrameExclusion Exclusion,
    Expression? RangeKey,
    bool IsDescending,
    bool IsDefault)
{
    /// <summary>The expressions that are evaluated.</summary>
    public IEnumerable<Expression> Expressions => RangeKey is null
        ? Start.Expressions.Concat(End.Expressions)
        : Start.Expressions.Concat(End.Expressions).Append(RangeKey);

    /// <summary>Whether the frame is always the whole partition.</summary>
    public bool IsWhole => Start.Kind == FrameBoundKind.Start && End.Kind == FrameBoundKind.End
        && Exclusion == FrameExclusion.None;

    /// <summary>Whether the frame only grows from one row of a partition to the next.</summary>
    public bool IsGrowing =>
        Start.Kind == FrameBoundKind.Start && Exclusion == FrameExclusion.None;

    /// <summary>The same frame over changed expressions.</summary>
    public WindowFrame Map(Func<Expression, Expression> map) => this with
    {
        Start = Start.Map(map),
        End = End.Map(map),
        RangeKey = RangeKey is null ? null : map(RangeKey),
    };

    /// <summary>Whether two frames over the same window are always the same.</summary>
    public bool IsSameAs(WindowFrame other) =>
        Unit == other.Unit && Exclusion == other.Exclusion
        && Start.IsSameAs(other.Start) && End.IsSameAs(other.End);

    /// <inheritdoc/>
    public override string ToString()
    {
        string exclusion = Exclusion switch
        {
            FrameExclusion.Current => " EXCLUDE CURRENT ROW",
            FrameExclusion.Group => " EXCLUDE GROUP",
            FrameExclusion.Ties => " EXCLUDE TIES",
            _ => "",
        };
        return $"{Unit.ToString().ToUpperInvariant()} BETWEEN {Start} AND {End}{exclusion}";
    }
}
