namespace NeuroDb.Query;

/// <summary>IMPORT MODEL.</summary>
/// <param name="Name">The name that the model gets.</param>
/// <param name="File">The path: a text or a parameter.</param>
/// <param name="Format">The word behind FORMAT, or null.</param>
internal sealed record ImportModelStatementSyntax(
    NameSyntax Name, ExpressionSyntax File, IdentifierSyntax? Format) : StatementSyntax;
