namespace NeuroDb.Query;

/// <summary>CREATE FUNCTION or CREATE MACRO: a value, or rows, of arguments.</summary>
/// <param name="Name">The name of the function.</param>
/// <param name="IfNotExists">Whether IF NOT EXISTS is given.</param>
/// <param name="Parameters">What it takes.</param>
/// <param name="Value">What a call stands for; null for rows.</param>
/// <param name="Query">The rows that a call in FROM stands for; null for a value.</param>
internal sealed record CreateFunctionStatementSyntax(
    NameSyntax Name,
    bool IfNotExists,
    IReadOnlyList<FunctionParameterSyntax> Parameters,
    ExpressionSyntax? Value,
    QuerySyntax? Query) : StatementSyntax
{
    /// <summary>The type of the value; null for that of the expression.</summary>
    public TypeSyntax? Type { get; init; }

    /// <summary>The names of the columns of the rows; empty for those of the query.</summary>
    public IReadOnlyList<IdentifierSyntax> Columns { get; init; } = [];

    /// <summary>Whether a NULL among the arguments makes the value NULL.</summary>
    public bool IsStrict { get; init; }

    /// <summary>Whether a function of the name is replaced.</summary>
    public bool OrReplace { get; init; }

    /// <summary>Whether only the session sees it, as long as it lasts.</summary>
    public bool IsTemporary { get; init; }
}
