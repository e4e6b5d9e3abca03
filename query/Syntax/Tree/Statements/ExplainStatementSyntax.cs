namespace NeuroDb.Query;

/// <summary>EXPLAIN.</summary>
/// <param name="IsAnalyze">Whether the statement is run and measured.</param>
/// <param name="Statement">The explained statement.</param>
internal sealed record ExplainStatementSyntax(
    bool IsAnalyze,
    StatementSyntax Statement) : StatementSyntax
{
    /// <summary>Whether the plan is given as JSON.</summary>
    public bool IsJson { get; init; }
}
