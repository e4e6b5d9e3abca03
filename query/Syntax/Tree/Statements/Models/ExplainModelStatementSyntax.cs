namespace NeuroDb.Query;

/// <summary>EXPLAIN MODEL.</summary>
/// <param name="Model">The model.</param>
internal sealed record ExplainModelStatementSyntax(ModelNameSyntax Model) : StatementSyntax;
