namespace NeuroDb.Query;

/// <summary>EXECUTE: runs what PREPARE keeps.</summary>
/// <param name="Name">The name.</param>
/// <param name="Values">A query that gives the values of the parameters; null without any.</param>
internal sealed record ExecuteStatementSyntax(
    IdentifierSyntax Name, SelectStatementSyntax? Values) : StatementSyntax;
