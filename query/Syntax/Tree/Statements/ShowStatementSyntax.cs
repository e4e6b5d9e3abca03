namespace NeuroDb.Query;

/// <summary>SHOW name.</summary>
/// <param name="Name">The setting.</param>
internal sealed record ShowStatementSyntax(NameSyntax Name) : StatementSyntax;
