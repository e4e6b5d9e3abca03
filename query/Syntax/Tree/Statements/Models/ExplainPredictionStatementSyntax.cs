namespace NeuroDb.Query;

/// <summary>EXPLAIN PREDICTION.</summary>
/// <param name="Model">The model.</param>
/// <param name="Items">The values of the features.</param>
/// <param name="Method">The word behind METHOD, or null.</param>
/// <param name="Top">How many features are told; 0 for all.</param>
internal sealed record ExplainPredictionStatementSyntax(
    ModelNameSyntax Model,
    IReadOnlyList<SelectItemSyntax> Items,
    IdentifierSyntax? Method,
    int Top) : StatementSyntax;
