using System.Text;

namespace NeuroDb.Query;

/// <summary>Writes names as SQL, and exchanges names in SQL.</summary>
internal static class SqlText
{
    /// <summary>A name in quotes.</summary>
    public static string Quote(string name) =>
        $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Names in quotes with commas between.</summary>
    public static string Quote(IEnumerable<string> names) => string.Join(", ", names.Select(Quote));

    /// <summary>A text literal.</summary>
    public static string Literal(string text) =>
        $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>The text with every use of a name as an identifier exchanged.</summary>
    public static string Rename(string sql, string name, string newName) => Exchange(
        sql,
        token => token.Type == Generated.NeuroSql.TRIGGER_BODY
            ? Rename(token.Text, name, newName)
            : (token.Type == Generated.NeuroSql.IDENTIFIER || SqlKeywords.IsKeyword(token.Type))
                && string.Equals(token.NameText(), name, StringComparison.OrdinalIgnoreCase)
            ? Quote(newName)
            : null);

    /// <summary>The text with tokens exchanged; null leaves a token as it is.</summary>
    public static string Exchange(string sql, Func<SqlToken, string?> exchange)
    {
        var text = new StringBuilder(sql.Length);
        var scanner = new SqlScanner(sql);
        int copied = 0;
        while (!scanner.IsAtEnd)
        {
            SqlTokenStream tokens = scanner.NextStatement();
            for (int i = 0; i < tokens.Size - 1; i++)
            {
                var token = (SqlToken)tokens.Get(i);
                if (exchange(token) is { } other)
                {
                    text.Append(sql, copied, token.StartIndex - copied).Append(other);
                    copied = token.StopIndex + 1;
                }
            }
        }

        return text.Append(sql, copied, sql.Length - copied).ToString();
    }

    /// <summary>Whether a text uses a name as an identifier.</summary>
    public static bool Mentions(string sql, string name) =>
        sql.Contains(name, StringComparison.OrdinalIgnoreCase)
        && !ReferenceEquals(sql, name)
        && Rename(sql, name, "\u0001") is { } renamed
        && renamed.Contains('\u0001', StringComparison.Ordinal);
}
