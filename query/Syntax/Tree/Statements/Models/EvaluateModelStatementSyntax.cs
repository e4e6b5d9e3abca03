namespace NeuroDb.Query;

/// <summary>EVALUATE MODEL.</summary>
/// <param name="Model">The model.</param>
/// <param name="Part">TEST, VALIDATION or TRAIN; null if there is a query or nothing.</param>
/// <param name="Query">The rows to judge by, or null.</param>
internal sealed record EvaluateModelStatementSyntax(
    ModelNameSyntax Model, IdentifierSyntax? Part, QuerySyntax? Query) : StatementSyntax
{
    /// <summary>How rows are changed before they judge; null if they are not.</summary>
    public ModelAttackSyntax? Attack { get; init; }
}
