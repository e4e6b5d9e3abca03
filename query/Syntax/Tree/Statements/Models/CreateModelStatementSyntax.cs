namespace NeuroDb.Query;

/// <summary>CREATE MODEL.</summary>
/// <param name="Name">The name of the model.</param>
/// <param name="IfNotExists">Whether IF NOT EXISTS is given.</param>
/// <param name="Definition">The clauses before AS.</param>
/// <param name="Query">The query that gives the rows.</param>
/// <param name="QueryText">Its text.</param>
internal sealed record CreateModelStatementSyntax(
    NameSyntax Name,
    bool IfNotExists,
    ModelDefinitionSyntax Definition,
    QuerySyntax Query,
    string QueryText) : StatementSyntax
{
    /// <summary>Whether a model of the name gets a new history.</summary>
    public bool OrReplace { get; init; }
}
