namespace NeuroDb.Query;

/// <summary>
/// Reads SQL text into syntax trees. Pure: no state is kept between calls, and any thread may
/// call it.
/// </summary>
internal static class SqlParser
{
    /// <summary>Reads a script: statements separated by semicolons; empty ones are skipped.</summary>
    /// <exception cref="SyntaxException">The text does not follow the grammar.</exception>
    /// <exception cref="ResourceLimitException">The text is too long or nested too deep.</exception>
    public static IReadOnlyList<StatementSyntax> Parse(string sql) =>
        throw new SyntaxException(ErrorCode.SyntaxError, sql);

    /// <summary>Reads one expression, as stored for DEFAULT and CHECK.</summary>
    /// <exception cref="SyntaxException">The text does not follow the grammar.</exception>
    /// <exception cref="ResourceLimitException">The text is too long or nested too deep.</exception>
    public static ExpressionSyntax ParseExpression(string sql) =>
        throw new SyntaxException(ErrorCode.SyntaxError, sql);
}
