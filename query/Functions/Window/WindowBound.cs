namespace NeuroDb.Query;

/// <summary>One end of a bound frame.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Offset">
/// How far from the current row; reads no columns. Null if not counted.
/// </param>
/// <param name="Target">
/// For RANGE, the value of the key of the order at which the frame ends; otherwise null.
/// </param>
internal sealed record WindowBound(
    FrameBoundKind Kind, Expression? Offset, Expression? Target)
{
    /// <summary>The expressions that are evaluated.</summary>
    public IEnumerable<Expression> Expressions
    {
        get
        {
            if (Offset is not null)
            {
                yield return Offset;
            }

            if (Target is not null)
            {
                yield return Target;
            }
        }
    }

    /// <summary>The same end over changed expressions.</summary>
    public WindowBound Map(Func<Expression, Expression> map) => this with
    {
        Offset = Offset is null ? null : map(Offset),
        Target = Target is null ? null : map(Target),
    };

    /// <summary>Whether two ends are always the same.</summary>
    public bool IsSameAs(WindowBound other) =>
        Kind == other.Kind
        && (Offset is null
            ? other.Offset is null
            : other.Offset is not null && ExpressionEquality.AreEqual(Offset, other.Offset));

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        FrameBoundKind.Start => "UNBOUNDED PRECEDING",
        FrameBoundKind.Preceding => $"{Offset} PRECEDING",
        FrameBoundKind.Current => "CURRENT ROW",
        FrameBoundKind.Following => $"{Offset} FOLLOWING",
        _ => "UNBOUNDED FOLLOWING",
    };
}
