namespace NeuroDb.Query;

/// <summary>What all join operators have in common.</summary>
/// <param name="Kind">The kind; not Right.</param>
/// <param name="Left">The left side, read in batches.</param>
/// <param name="Right">The right side, held in memory.</param>
/// <param name="Residual">
/// The condition beyond equal keys, over the columns of both sides; null for none.
/// </param>
/// <param name="Ordinals">
/// The columns given, as ordinals of the columns of the left side followed by the right side.
/// </param>
internal sealed record JoinShape(
    JoinKind Kind,
    PlanNode Left,
    PlanNode Right,
    NarrowExpression? Residual,
    int[] Ordinals)
{
    /// <summary>The word for EXPLAIN.</summary>
    public string Word => Kind switch
    {
        JoinKind.Left => "left join",
        JoinKind.Full => "full join",
        JoinKind.Cross => "cross join",
        JoinKind.Semi => "semi join",
        JoinKind.Anti => "anti join",
        _ => "join",
    };

    /// <summary>Whether only left rows are given.</summary>
    public bool IsHalf => Kind is JoinKind.Semi or JoinKind.Anti;

    /// <summary>Whether the first partner of a left row decides about it.</summary>
    public bool OnePartnerDecides => IsHalf && Residual is null;

    /// <summary>The columns of the joined rows.</summary>
    public OutputColumn[] Output => [.. Ordinals.Select(OutputAt)];

    /// <summary>Some of the columns of the joined rows.</summary>
    public JoinShape Select(int[] ordinals) =>
        this with { Ordinals = [.. ordinals.Select(ordinal => Ordinals[ordinal])] };

    private OutputColumn OutputAt(int ordinal)
    {
        int leftWidth = Left.Output.Count;
        bool isLeft = ordinal < leftWidth;
        OutputColumn column = isLeft ? Left.Output[ordinal] : Right.Output[ordinal - leftWidth];
        bool isOptional = Kind == JoinKind.Full || (Kind == JoinKind.Left && !isLeft);
        return isOptional ? column with { IsNullable = true } : column;
    }
}
