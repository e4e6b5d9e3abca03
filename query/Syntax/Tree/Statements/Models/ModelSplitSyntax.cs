namespace NeuroDb.Query;

/// <summary>SPLIT: the shares of the parts and what rows are divided by.</summary>
/// <param name="Shares">The share of each named part; empty if only BY is written.</param>
/// <param name="LeaveLast">The n of LEAVE LAST n, or 0.</param>
/// <param name="Kind">STRATIFY, ORDER, GROUP or COLUMN; null for none of them.</param>
/// <param name="Column">The column it goes by; null without one.</param>
internal sealed record ModelSplitSyntax(
    IReadOnlyList<ModelShareSyntax> Shares,
    int LeaveLast,
    string? Kind,
    IdentifierSyntax? Column) : SyntaxNode;
