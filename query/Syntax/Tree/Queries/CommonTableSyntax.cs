namespace NeuroDb.Query;

/// <summary>One item of WITH.</summary>
/// <param name="Name">The name.</param>
/// <param name="Columns">The names of its columns; empty if none are given.</param>
/// <param name="Query">The query; one without rows where it is a change.</param>
internal sealed record CommonTableSyntax(
    IdentifierSyntax Name,
    IReadOnlyList<IdentifierSyntax> Columns,
    QuerySyntax Query) : SyntaxNode
{
    /// <summary>The change whose RETURNING gives the rows; null for a query.</summary>
    public StatementSyntax? Change { get; init; }

    /// <summary>Whether WITH RECURSIVE lets the query use its own name.</summary>
    public bool IsRecursive { get; init; }

    /// <summary>
    /// MATERIALIZED or NOT MATERIALIZED as written; null leaves it to the engine.
    /// </summary>
    public bool? IsMaterialized { get; init; }
}
