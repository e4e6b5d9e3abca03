namespace NeuroDb.Query;

/// <summary>PREPARE: a statement that the session keeps under a name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Types">The types of the first parameters; empty if none are given.</param>
/// <param name="Sql">The text of the statement.</param>
internal sealed record PrepareStatementSyntax(
    IdentifierSyntax Name, IReadOnlyList<TypeSyntax> Types, string Sql) : StatementSyntax;
