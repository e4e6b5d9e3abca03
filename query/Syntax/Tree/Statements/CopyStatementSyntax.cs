namespace NeuroDb.Query;

/// <summary>COPY table FROM file, or COPY table or (query) TO file.</summary>
/// <param name="Table">The table; null if a query is written.</param>
/// <param name="Columns">The named columns; empty for all.</param>
/// <param name="Query">The query whose rows are written; null if a table is named.</param>
/// <param name="IsFrom">Whether rows come from the file; otherwise they go to it.</param>
/// <param name="File">The path: a text or a parameter.</param>
/// <param name="Options">The options; one without a value is TRUE.</param>
internal sealed record CopyStatementSyntax(
    NameSyntax? Table,
    IReadOnlyList<IdentifierSyntax> Columns,
    QuerySyntax? Query,
    bool IsFrom,
    ExpressionSyntax File,
    IReadOnlyList<OptionSyntax> Options) : StatementSyntax;
