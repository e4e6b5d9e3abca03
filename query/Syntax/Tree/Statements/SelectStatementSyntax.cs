namespace NeuroDb.Query;

/// <summary>A query as a statement.</summary>
/// <param name="Query">The query.</param>
internal sealed record SelectStatementSyntax(QuerySyntax Query) : StatementSyntax;
