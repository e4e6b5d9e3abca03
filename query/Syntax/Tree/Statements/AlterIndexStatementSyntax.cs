namespace NeuroDb.Query;

/// <summary>ALTER INDEX .. RENAME TO.</summary>
/// <param name="Index">The index.</param>
/// <param name="IfExists">Whether IF EXISTS is given.</param>
/// <param name="NewName">The name that it gets.</param>
internal sealed record AlterIndexStatementSyntax(
    NameSyntax Index,
    bool IfExists,
    IdentifierSyntax NewName) : StatementSyntax;
