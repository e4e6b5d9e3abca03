namespace NeuroDb.Query;

/// <summary>EXPORT MODEL.</summary>
/// <param name="Model">The model.</param>
/// <param name="File">The path: a text or a parameter.</param>
/// <param name="Format">The word behind FORMAT, or null.</param>
internal sealed record ExportModelStatementSyntax(
    ModelNameSyntax Model, ExpressionSyntax File, IdentifierSyntax? Format) : StatementSyntax;
