namespace NeuroDb.Query;

/// <summary>CREATE SCHEMA and DROP SCHEMA.</summary>
/// <param name="Names">The names; one for CREATE.</param>
/// <param name="IsDrop">Whether they go.</param>
/// <param name="IsConditional">Whether IF EXISTS or IF NOT EXISTS is given.</param>
/// <param name="IsCascade">Whether what is in them goes too.</param>
internal sealed record SchemaStatementSyntax(
    IReadOnlyList<NameSyntax> Names,
    bool IsDrop,
    bool IsConditional,
    bool IsCascade) : StatementSyntax;
