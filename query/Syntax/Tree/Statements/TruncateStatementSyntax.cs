namespace NeuroDb.Query;

/// <summary>TRUNCATE.</summary>
/// <param name="Tables">The tables.</param>
internal sealed record TruncateStatementSyntax(IReadOnlyList<NameSyntax> Tables) : StatementSyntax;
