namespace NeuroDb.Query;

/// <summary>What stands behind OVER, or one item of WINDOW.</summary>
/// <param name="Name">
/// The window that this one is, or that it goes on from where brackets follow; null for none.
/// </param>
/// <param name="IsReference">Whether it is only a name: OVER w.</param>
/// <param name="PartitionBy">What parts the rows; empty without it.</param>
/// <param name="OrderBy">The order within a partition; empty without it.</param>
/// <param name="Frame">The frame, or null for the default.</param>
internal sealed record WindowSyntax(
    IdentifierSyntax? Name,
    bool IsReference,
    IReadOnlyList<ExpressionSyntax> PartitionBy,
    IReadOnlyList<OrderItemSyntax> OrderBy,
    FrameSyntax? Frame) : SyntaxNode;
