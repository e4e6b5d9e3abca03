namespace NeuroDb.Query;

/// <summary>CREATE INDEX.</summary>
/// <param name="Name">The name, or null.</param>
/// <param name="IfNotExists">Whether IF NOT EXISTS is given.</param>
/// <param name="IsUnique">Whether UNIQUE is given.</param>
/// <param name="Table">The table.</param>
/// <param name="Method">The method of USING, or null.</param>
/// <param name="Columns">The columns.</param>
/// <param name="Options">The options of WITH.</param>
internal sealed record CreateIndexStatementSyntax(
    IdentifierSyntax? Name,
    bool IfNotExists,
    bool IsUnique,
    NameSyntax Table,
    IdentifierSyntax? Method,
    IReadOnlyList<IndexColumnSyntax> Columns,
    IReadOnlyList<OptionSyntax> Options) : StatementSyntax
{
    /// <summary>The condition on the rows that the index has, or null for all rows.</summary>
    public ExpressionSyntax? Where { get; init; }

    /// <summary>The text of the condition, or null.</summary>
    public string? WhereText { get; init; }
}
