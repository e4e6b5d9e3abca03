namespace NeuroDb.Query;

/// <summary>All columns: <c>*</c> or <c>t.*</c>.</summary>
/// <param name="Table">The table, or null for all tables.</param>
internal sealed record StarItemSyntax(NameSyntax? Table) : SelectItemSyntax
{
    /// <summary>The columns that EXCLUDE or EXCEPT leaves out.</summary>
    public IReadOnlyList<IdentifierSyntax> Excluded { get; init; } = [];

    /// <summary>What REPLACE puts in place of the columns of these names.</summary>
    public IReadOnlyList<ExpressionItemSyntax> Replaced { get; init; } = [];
}
