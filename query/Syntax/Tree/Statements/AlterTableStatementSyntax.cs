namespace NeuroDb.Query;

/// <summary>ALTER TABLE.</summary>
/// <param name="Table">The table.</param>
/// <param name="IfExists">Whether IF EXISTS is given.</param>
/// <param name="Changes">The changes, in order.</param>
internal sealed record AlterTableStatementSyntax(
    NameSyntax Table,
    bool IfExists,
    IReadOnlyList<TableChangeSyntax> Changes) : StatementSyntax;
