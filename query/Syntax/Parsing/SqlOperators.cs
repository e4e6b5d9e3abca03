using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>The punctuation and the operators: the longest that matches wins.</summary>
internal static class SqlOperators
{
    /// <summary>The token type and the length of the operator that begins with these.</summary>
    /// <returns>Length 0 if none does.</returns>
    public static (int Type, int Length) Match(char first, char second, char third) =>
        (first, second, third) switch
        {
            ('<', '-', '>') => (NeuroSql.L2_DISTANCE, 3),
            ('<', '=', '>') => (NeuroSql.COSINE_DISTANCE, 3),
            ('<', '#', '>') => (NeuroSql.INNER_PRODUCT, 3),
            ('<', '+', '>') => (NeuroSql.L1_DISTANCE, 3),
            ('<', '~', '>') => (NeuroSql.HAMMING_DISTANCE, 3),
            ('<', '%', '>') => (NeuroSql.JACCARD_DISTANCE, 3),
            ('#', '>', '>') => (NeuroSql.JSON_PATH_TEXT, 3),
            ('-', '>', '>') => (NeuroSql.JSON_TEXT, 3),
            ('!', '~', '*') => (NeuroSql.NOT_CASELESS_MATCH, 3),
            _ => Match(first, second),
        };

    private static (int Type, int Length) Match(char first, char second) =>
        (first, second) switch
        {
            ('=', '=') => (NeuroSql.EQUAL, 2),
            ('=', '>') => (NeuroSql.ARROW, 2),
            (':', '=') => (NeuroSql.ARROW, 2),
            ('<', '>') => (NeuroSql.NOT_EQUAL, 2),
            ('!', '=') => (NeuroSql.NOT_EQUAL, 2),
            ('<', '=') => (NeuroSql.LESS_EQUAL, 2),
            ('<', '<') => (NeuroSql.SHIFT_LEFT, 2),
            ('>', '=') => (NeuroSql.GREATER_EQUAL, 2),
            ('>', '>') => (NeuroSql.SHIFT_RIGHT, 2),
            ('|', '|') => (NeuroSql.CONCATENATE, 2),
            (':', ':') => (NeuroSql.DOUBLE_COLON, 2),
            ('#', '>') => (NeuroSql.JSON_PATH, 2),
            ('@', '>') => (NeuroSql.CONTAINS, 2),
            ('<', '@') => (NeuroSql.CONTAINED, 2),
            ('@', '@') => (NeuroSql.HAS_WORDS, 2),
            ('&', '&') => (NeuroSql.OVERLAPS, 2),
            ('-', '>') => (NeuroSql.JSON_MEMBER, 2),
            ('!', '~') => (NeuroSql.NOT_MATCH, 2),
            ('~', '*') => (NeuroSql.CASELESS_MATCH, 2),
            ('^', '@') => (NeuroSql.PREFIX_MATCH, 2),
            ('/', '/') => (NeuroSql.DOUBLE_SLASH, 2),
            ('*', '*') => (NeuroSql.CARET, 2),
            _ => Match(first),
        };

    private static (int Type, int Length) Match(char first) => first switch
    {
        '(' => (NeuroSql.LEFT_PARENTHESIS, 1),
        ')' => (NeuroSql.RIGHT_PARENTHESIS, 1),
        ',' => (NeuroSql.COMMA, 1),
        '.' => (NeuroSql.DOT, 1),
        '+' => (NeuroSql.PLUS, 1),
        '-' => (NeuroSql.MINUS, 1),
        '*' => (NeuroSql.STAR, 1),
        '/' => (NeuroSql.SLASH, 1),
        '%' => (NeuroSql.PERCENT, 1),
        '~' => (NeuroSql.TILDE, 1),
        '=' => (NeuroSql.EQUAL, 1),
        '<' => (NeuroSql.LESS, 1),
        '>' => (NeuroSql.GREATER, 1),
        '&' => (NeuroSql.AMPERSAND, 1),
        '|' => (NeuroSql.BAR, 1),
        '^' => (NeuroSql.CARET, 1),
        '#' => (NeuroSql.HASH, 1),
        _ => (0, 0),
    };
}
