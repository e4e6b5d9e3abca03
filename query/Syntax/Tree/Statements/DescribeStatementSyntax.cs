namespace NeuroDb.Query;

/// <summary>DESCRIBE, and SHOW with two words.</summary>
/// <param name="Table">The table or view.</param>
internal sealed record DescribeStatementSyntax(NameSyntax Table) : StatementSyntax;
