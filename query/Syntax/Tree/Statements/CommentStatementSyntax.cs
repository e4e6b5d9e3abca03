namespace NeuroDb.Query;

/// <summary>COMMENT ON.</summary>
/// <param name="Kind">Of what, as it is written: TABLE, COLUMN, INDEX and others.</param>
/// <param name="Name">Its name; of a column with that of its table.</param>
/// <param name="Comment">The comment; null to remove it.</param>
internal sealed record CommentStatementSyntax(string Kind, NameSyntax Name, string? Comment)
    : StatementSyntax;
