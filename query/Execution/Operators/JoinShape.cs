namespace NeuroDb.Query;

/// <summary>What all join operators have in common.</summary>
/// <param name="Kind">Inner, Cross, Left or Full.</param>
/// <param name="Left">The left side, read in batches.</param>
/// <param name="Right">The right side, held in memory.</param>
/// <param name="Residual">
/// The condition beyond equal keys, over the columns of both sides; null for none.
/// </param>
/// <param name="ResidualText">The condition for EXPLAIN.</param>
internal sealed record JoinShape(
    JoinKind Kind,
    PlanNode Left,
    PlanNode Right,
    NarrowExpression? Residual,
    string ResidualText)
{
    /// <summary>The word for EXPLAIN.</summary>
    public string Word => Kind switch
    {
        JoinKind.Left => "left join",
        JoinKind.Full => "full join",
        JoinKind.Cross => "cross join",
        _ => "join",
    };

    /// <summary>The columns of the joined rows.</summary>
    public IReadOnlyList<OutputColumn> Output =>
    [
        .. Left.Output.Select(column => Kind == JoinKind.Full
            ? column with { IsNullable = true }
            : column),
        .. Right.Output.Select(column => Kind is JoinKind.Left or JoinKind.Full
            ? column with { IsNullable = true }
            : column),
    ];
}
