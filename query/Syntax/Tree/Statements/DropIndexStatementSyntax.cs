namespace NeuroDb.Query;

/// <summary>DROP INDEX.</summary>
/// <param name="Indexes">The indexes.</param>
/// <param name="IfExists">Whether IF EXISTS is given.</param>
internal sealed record DropIndexStatementSyntax(
    IReadOnlyList<NameSyntax> Indexes,
    bool IfExists) : StatementSyntax;
