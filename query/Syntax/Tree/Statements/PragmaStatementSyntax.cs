namespace NeuroDb.Query;

/// <summary>PRAGMA name, PRAGMA name = value or PRAGMA name(value).</summary>
/// <param name="Name">The pragma.</param>
/// <param name="Value">The value, or null; a bare word is a column reference.</param>
internal sealed record PragmaStatementSyntax(
    NameSyntax Name,
    ExpressionSyntax? Value) : StatementSyntax;
