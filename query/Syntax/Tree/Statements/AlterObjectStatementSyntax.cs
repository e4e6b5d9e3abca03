namespace NeuroDb.Query;

/// <summary>ALTER VIEW and ALTER SEQUENCE.</summary>
/// <param name="Kind">What is altered.</param>
/// <param name="Name">Its name.</param>
/// <param name="IfExists">Whether IF EXISTS is given.</param>
/// <param name="NewName">The new name, or null.</param>
/// <param name="Options">The new options of a sequence, or null.</param>
internal sealed record AlterObjectStatementSyntax(
    CatalogObjectKind Kind,
    NameSyntax Name,
    bool IfExists,
    IdentifierSyntax? NewName,
    SequenceOptions? Options) : StatementSyntax;
