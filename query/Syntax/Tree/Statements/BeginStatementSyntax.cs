namespace NeuroDb.Query;

/// <summary>BEGIN or START TRANSACTION.</summary>
/// <param name="Isolation">The level asked for, or null for that of the session.</param>
internal sealed record BeginStatementSyntax(TransactionIsolation? Isolation) : StatementSyntax
{
    /// <summary>Whether the transaction may change nothing.</summary>
    public bool IsReadOnly { get; init; }
}
