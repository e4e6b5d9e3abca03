namespace NeuroDb.Query;

/// <summary>The base of all statements.</summary>
internal abstract record StatementSyntax : SyntaxNode
{
    /// <summary>The text of the statement, without the semicolon.</summary>
    public string Text { get; init; } = "";

    /// <summary>The highest parameter number of the statement; 0 without parameters.</summary>
    public int ParameterCount { get; init; }

    /// <summary>The names of the parameters by number - 1; empty for ?, ?1 and $1.</summary>
    public IReadOnlyList<string> ParameterNames { get; init; } = [];

    /// <summary>The numbers of the parameters that stand for names: IDENTIFIER(?).</summary>
    public IReadOnlyList<int> NameParameters { get; init; } = [];
}
