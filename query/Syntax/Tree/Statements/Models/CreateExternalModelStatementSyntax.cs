namespace NeuroDb.Query;

/// <summary>CREATE EXTERNAL MODEL.</summary>
/// <param name="Name">The name.</param>
/// <param name="IfNotExists">Whether an existing model is no error.</param>
/// <param name="Type">What it says about a row.</param>
/// <param name="Clauses">The columns that it reads and says.</param>
/// <param name="Location">Where it is: a text or a parameter.</param>
internal sealed record CreateExternalModelStatementSyntax(
    NameSyntax Name,
    bool IfNotExists,
    IdentifierSyntax Type,
    ModelFileSyntax Clauses,
    ExpressionSyntax Location) : StatementSyntax
{
    /// <summary>Whether it takes the place of a model of its name.</summary>
    public bool OrReplace { get; init; }
}
