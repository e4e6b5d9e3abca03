namespace NeuroDb.Query;

/// <summary>CREATE SEQUENCE.</summary>
/// <param name="Name">The name of the sequence.</param>
/// <param name="IfNotExists">Whether IF NOT EXISTS is given.</param>
/// <param name="Options">Where it begins and how it goes on.</param>
internal sealed record CreateSequenceStatementSyntax(
    NameSyntax Name, bool IfNotExists, SequenceOptions Options) : StatementSyntax;
