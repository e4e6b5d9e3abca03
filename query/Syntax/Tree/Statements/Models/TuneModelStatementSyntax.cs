namespace NeuroDb.Query;

/// <summary>TUNE MODEL.</summary>
/// <param name="Name">The name of the model.</param>
/// <param name="Search">The word behind SEARCH, or null.</param>
/// <param name="Parameters">What is tried.</param>
/// <param name="Seconds">The limit of time; 0 without one.</param>
/// <param name="Metric">The word behind METRIC, or null.</param>
internal sealed record TuneModelStatementSyntax(
    NameSyntax Name,
    IdentifierSyntax? Search,
    IReadOnlyList<TuneParameterSyntax> Parameters,
    double Seconds,
    IdentifierSyntax? Metric) : StatementSyntax
{
    /// <summary>Options that differ from those of the live version.</summary>
    public IReadOnlyList<OptionSyntax> Options { get; init; } = [];

    /// <summary>The query that gives the rows; null for that of the live version.</summary>
    public QuerySyntax? Query { get; init; }

    /// <summary>Its text, or null.</summary>
    public string? QueryText { get; init; }
}
