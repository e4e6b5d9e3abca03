namespace NeuroDb.Query;

/// <summary>EXPORT MODEL.</summary>
/// <param name="Model">The model.</param>
/// <param name="File">The path: a text or a parameter.</param>
/// <param name="Clauses">The format and the key.</param>
internal sealed record ExportModelStatementSyntax(
    ModelNameSyntax Model, ExpressionSyntax File, ModelFileSyntax Clauses) : StatementSyntax;
