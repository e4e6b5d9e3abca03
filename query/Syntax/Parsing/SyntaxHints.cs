using Antlr4.Runtime;

namespace NeuroDb.Query;

/// <summary>
/// What other systems write and this version does not read, told by the words where the parser
/// stopped: so that an error says "not supported" instead of only "not expected".
/// </summary>
internal static class SyntaxHints
{
    private const int WordsBack = 4;

    private static readonly Dictionary<string, string> Statements =
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["ALTER"] = "ALTER is not supported; make a new table with CREATE TABLE ... AS",
            ["TRUNCATE"] = "TRUNCATE is not supported; write DELETE FROM",
            ["REINDEX"] = "REINDEX is not supported; there are no indexes yet",
            ["ATTACH"] = "ATTACH is not supported; a session has one database",
            ["DETACH"] = "DETACH is not supported; a session has one database",
            ["GRANT"] = "GRANT is not supported",
            ["REVOKE"] = "REVOKE is not supported",
            ["ABORT"] = "ABORT is not supported; write ROLLBACK",
            ["ANALYZE"] = "ANALYZE is not supported; write EXPLAIN ANALYZE before a query",
        };

    private static readonly string[] Beginnings =
    [
        "SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "VALUES", "WITH", "BEGIN",
        "COMMIT", "ROLLBACK", "REPLACE", "SAVEPOINT", "RELEASE", "EXPLAIN", "SET", "SHOW", "PRAGMA",
        "CHECKPOINT", "VACUUM", "COPY", "BACKUP", "RETRAIN", "TUNE", "EVALUATE", "EXPORT",
        "IMPORT", "COMMENT",
    ];

    private static readonly HashSet<string> Objects =
        new(StringComparer.OrdinalIgnoreCase)
        {
            "VIEW", "TRIGGER", "TEMP", "TEMPORARY", "DATABASE", "SEQUENCE", "TYPE",
            "PROCEDURE", "VIRTUAL", "MATERIALIZED", "ROLE", "USER", "STREAM",
            "OR", "UNLOGGED",
        };

    private static readonly Dictionary<string, string> Words =
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["REFERENCES"] = "Foreign keys are not supported",
            ["FOREIGN"] = "Foreign keys are not supported",
            ["GENERATED"] = "Generated columns are not supported; for row numbers write BIGSERIAL",
            ["WITHOUT"] = "WITHOUT ROWID is not supported, nor is it needed",
            ["STRICT"] = "STRICT is not supported: columns are always strictly typed",
            ["MATCH"] = "MATCH is not supported",
            ["ARRAY"] = "Arrays are not supported; write vectors as text: '[1,2,3]'",
            ["INDEXED"] = "INDEXED BY is not supported",
            ["RAISE"] = "RAISE is not supported",
        };

    /// <summary>A sentence with a blank before it, or nothing.</summary>
    public static string At(ITokenStream tokens, SqlToken found, bool isInArguments)
    {
        string? hint = Find(tokens, found, isInArguments);
        return string.IsNullOrEmpty(hint) ? string.Empty
            : hint[^1] is '?' or '.' ? $" {hint}"
            : $" {hint}.";
    }

    private static string? Find(ITokenStream tokens, SqlToken found, bool isInArguments)
    {
        string first = Word(tokens, 0);
        string word = Word(tokens, found.TokenIndex);
        string previous = Word(tokens, found.TokenIndex - 1);
        if (found.TokenIndex == 0)
        {
            return Statements.GetValueOrDefault(word) is { } known
                ? known + "."
                : NearMatch.Hint(word, Beginnings).TrimStart();
        }

        if (found.TokenIndex == 1 && first is "CREATE" or "DROP" && word == "EXTENSION")
        {
            return "Vectors are built in: leave the statement out";
        }

        if (found.TokenIndex == 1 && first is "CREATE" or "DROP" && Objects.Contains(word))
        {
            return $"{first} {word} is not supported";
        }

        return (first, previous, word) switch
        {
            ("CREATE", _, "ON") => "ON CONFLICT and ON DELETE are not supported",
            ("DELETE" or "UPDATE", _, "ORDER" or "LIMIT") =>
                $"{first} ... {word} is not supported; use WHERE key IN (SELECT ...)",
            _ => FindWord(tokens, found),
        };
    }

    private static string? FindWord(ITokenStream tokens, SqlToken found)
    {
        for (int i = found.TokenIndex; i >= Math.Max(0, found.TokenIndex - WordsBack); i--)
        {
            if (Words.TryGetValue(Word(tokens, i), out string? hint))
            {
                return hint;
            }
        }

        return null;
    }

    private static string Word(ITokenStream tokens, int index) =>
        index >= 0 && tokens.Get(index) is SqlToken { IsQuotedName: false } token
            && token.Type != TokenConstants.EOF && token.Span.Length <= Limits.NameLengthMax
            ? token.Text.ToUpperInvariant()
            : string.Empty;
}
