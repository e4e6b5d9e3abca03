namespace NeuroDb.Query;

/// <summary>IMPORT MODEL.</summary>
/// <param name="Name">The name that the model gets.</param>
/// <param name="File">The path: a text or a parameter.</param>
/// <param name="Clauses">The format, the key, and the columns of a network of others.</param>
internal sealed record ImportModelStatementSyntax(
    NameSyntax Name, ExpressionSyntax File, ModelFileSyntax Clauses) : StatementSyntax;
