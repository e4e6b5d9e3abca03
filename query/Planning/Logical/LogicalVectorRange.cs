namespace NeuroDb.Query;

/// <summary>
/// Reads the rows of a table that satisfy a condition through an index of vectors: because a part
/// of it asks for rows that are near enough to a vector.
/// </summary>
/// <param name="scan">The table and the columns.</param>
/// <param name="parts">The parts of the condition, all of which must hold.</param>
/// <param name="ordinal">The column of vectors.</param>
/// <param name="distance">What is compared.</param>
/// <param name="query">The vector; reads no columns.</param>
/// <param name="bound">What the distance or similarity is compared with; reads no columns.</param>
internal sealed class LogicalVectorRange(
    LogicalScan scan,
    IReadOnlyList<Expression> parts,
    int ordinal,
    VectorDistanceExpression distance,
    Expression query,
    Expression bound)
    : LogicalNode
{
    /// <summary>The table and the columns.</summary>
    public LogicalScan Scan { get; } = scan;

    /// <summary>The parts of the condition, all of which must hold.</summary>
    public IReadOnlyList<Expression> Parts { get; } = parts;

    /// <summary>The column of vectors.</summary>
    public int Ordinal { get; } = ordinal;

    /// <summary>What is compared.</summary>
    public VectorDistanceExpression Distance { get; } = distance;

    /// <summary>The vector.</summary>
    public Expression Query { get; } = query;

    /// <summary>What the distance or similarity is compared with.</summary>
    public Expression Bound { get; } = bound;

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output => Scan.Output;

    /// <inheritdoc/>
    public override LogicalNode MapExpressions(Func<Expression, Expression> map) =>
        new LogicalVectorRange(
            Scan, [.. Parts.Select(map)], Ordinal, Distance, map(Query), map(Bound));
}
