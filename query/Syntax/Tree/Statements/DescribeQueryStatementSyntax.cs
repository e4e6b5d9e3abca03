namespace NeuroDb.Query;

/// <summary>DESCRIBE of a query: the columns that it gives.</summary>
/// <param name="Query">The query, which is not run.</param>
internal sealed record DescribeQueryStatementSyntax(QuerySyntax Query) : StatementSyntax;
