using Antlr4.Runtime;
using Antlr4.Runtime.Misc;
using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>
/// Puts a set of tokens into a short list of plain words: a name instead of every keyword that may
/// be one, an expression instead of everything that begins one.
/// </summary>
internal static class ExpectedTokens
{
    private const int WordCountMax = 8;

    // Common continuations first: the list is cut behind the eighth.
    private static readonly int[] Preferred =
    [
        NeuroSql.RIGHT_PARENTHESIS, NeuroSql.FROM, NeuroSql.COMMA, NeuroSql.WHERE, NeuroSql.SET,
        NeuroSql.INTO, NeuroSql.TABLE, NeuroSql.SELECT, NeuroSql.VALUES, NeuroSql.AS, NeuroSql.ON,
        NeuroSql.GROUP, NeuroSql.ORDER, NeuroSql.LIMIT, NeuroSql.INSERT, NeuroSql.UPDATE,
        NeuroSql.DELETE, NeuroSql.CREATE, NeuroSql.DROP, NeuroSql.BEGIN, NeuroSql.COMMIT,
        NeuroSql.JOIN, NeuroSql.HAVING, NeuroSql.UNION,
    ];

    /// <summary>The list, such as <c>FROM, ',' or end of statement</c>.</summary>
    /// <param name="expected">The tokens that fit.</param>
    /// <param name="found">The token that stands there instead.</param>
    public static string Describe(IntervalSet expected, SqlToken found)
    {
        List<string> words = [];
        HashSet<int> left = [.. expected.ToList()];
        bool isStatement = left.Contains(NeuroSql.INSERT) && left.Contains(NeuroSql.SELECT)
            && !left.Contains(NeuroSql.IDENTIFIER);
        if (isStatement)
        {
            words.Add("a statement");
            left.RemoveWhere(type => type != TokenConstants.EOF);
        }

        bool isExpression = left.Contains(NeuroSql.CASE);
        if (isExpression)
        {
            words.Add("an expression");
            left.RemoveWhere(BeginsExpression);
        }

        if (left.Contains(NeuroSql.IDENTIFIER) || isExpression)
        {
            if (left.Contains(NeuroSql.IDENTIFIER))
            {
                words.Add("a name");
            }

            left.RemoveWhere(IsName);
        }

        if (left.Contains(NeuroSql.CONCATENATE))
        {
            left.RemoveWhere(ContinuesExpression);
            words.Add("an operator");
        }

        bool isEnd = left.Remove(TokenConstants.EOF);
        AddInOrder(words, left);
        return Join(words, isEnd, found);
    }

    private static void AddInOrder(List<string> words, HashSet<int> left)
    {
        foreach (int type in Preferred)
        {
            if (left.Remove(type))
            {
                words.Add(Word(type));
            }
        }

        foreach (int type in left.Order())
        {
            words.Add(Word(type));
        }
    }

    private static string Join(List<string> words, bool isEnd, SqlToken found)
    {
        // An operator fits behind every expression: said only where little else fits.
        if (words.Count > 3)
        {
            words.Remove("an operator");
        }

        PutMeantFirst(words, found);
        if (words.Count > WordCountMax)
        {
            words.RemoveRange(WordCountMax, words.Count - WordCountMax);
        }

        if (isEnd)
        {
            if (words.Count == WordCountMax)
            {
                words.RemoveAt(WordCountMax - 1);
            }

            words.Add("end of statement");
        }

        Invariant.Check(words.Count > 0);
        return words.Count == 1
            ? words[0]
            : $"{string.Join(", ", words.Take(words.Count - 1))} or {words[^1]}";
    }

    // A keyword that was meant, with two letters swapped or one wrong, is never cut from the list.
    private static void PutMeantFirst(List<string> words, SqlToken found)
    {
        if (found.Type != NeuroSql.IDENTIFIER || found.IsQuotedName)
        {
            return;
        }

        string text = found.Text.ToUpperInvariant();
        string? meant = words.Find(word => char.IsAsciiLetterUpper(word[0]) && IsNear(word, text));
        if (meant is not null)
        {
            words.Remove(meant);
            words.Insert(0, meant);
        }
    }

    private static bool IsNear(string word, string text)
    {
        if (word.Length != text.Length || word.Length < 3)
        {
            return false;
        }

        int different = 0;
        for (int i = 0; i < word.Length; i++)
        {
            different += word[i] == text[i] ? 0 : 1;
        }

        return different == 1
            || (different == 2
                && word.Order().SequenceEqual(text.Order()));
    }

    private static string Word(int type)
    {
        if (SqlKeywords.IsKeyword(type))
        {
            return NeuroSql.DefaultVocabulary.GetSymbolicName(type);
        }

        return type switch
        {
            NeuroSql.LEFT_PARENTHESIS => "'('",
            NeuroSql.RIGHT_PARENTHESIS => "')'",
            NeuroSql.LEFT_BRACKET => "'['",
            NeuroSql.RIGHT_BRACKET => "']'",
            NeuroSql.LEFT_BRACE => "'{'",
            NeuroSql.RIGHT_BRACE => "'}'",
            NeuroSql.COMMA => "','",
            NeuroSql.DOT => "'.'",
            NeuroSql.EQUAL => "'='",
            NeuroSql.STAR => "'*'",
            NeuroSql.ARROW => "'=>'",
            NeuroSql.INTEGER_NUMBER => "a whole number",
            NeuroSql.TEXT_STRING => "a text in single quotes",
            NeuroSql.IDENTIFIER => "a name",
            _ => NeuroSql.DefaultVocabulary.GetSymbolicName(type)
                .Replace('_', ' ')
                .ToLowerInvariant(),
        };
    }

    private static bool IsName(int type) =>
        type == NeuroSql.IDENTIFIER
        || (SqlKeywords.IsKeyword(type) && !Reserved.Contains(type));

    private static bool BeginsExpression(int type) =>
        type is NeuroSql.NOT or NeuroSql.PLUS or NeuroSql.MINUS or NeuroSql.TILDE
            or NeuroSql.NULL or NeuroSql.TRUE or NeuroSql.FALSE or NeuroSql.CASE
            or NeuroSql.CAST or NeuroSql.EXISTS or NeuroSql.LEFT or NeuroSql.RIGHT
            or NeuroSql.LIKE or NeuroSql.ALL or NeuroSql.CROSS
            or NeuroSql.CURRENT_DATE or NeuroSql.CURRENT_TIME or NeuroSql.CURRENT_TIMESTAMP
            or NeuroSql.LEFT_PARENTHESIS or NeuroSql.LEFT_BRACE
            or (>= NeuroSql.IDENTIFIER and <= NeuroSql.PARAMETER)
        || IsName(type);

    private static bool ContinuesExpression(int type) =>
        type is NeuroSql.AND or NeuroSql.OR or NeuroSql.NOT or NeuroSql.IS or NeuroSql.ISNULL
            or NeuroSql.NOTNULL or NeuroSql.IN or NeuroSql.BETWEEN or NeuroSql.LIKE
            or NeuroSql.ILIKE or NeuroSql.GLOB or NeuroSql.REGEXP or NeuroSql.COLLATE
            or NeuroSql.ESCAPE or NeuroSql.DOUBLE_COLON or NeuroSql.AT_TIME_ZONE
            or NeuroSql.STAR or NeuroSql.MODEL_VERSION or NeuroSql.SIMILAR_TO or NeuroSql.WITH
        || type > NeuroSql.ARROW;

    private static readonly HashSet<int> Reserved =
    [
        NeuroSql.ALL, NeuroSql.AND, NeuroSql.AS, NeuroSql.BETWEEN, NeuroSql.BOTH,
        NeuroSql.CASE, NeuroSql.CAST, NeuroSql.LATERAL, NeuroSql.LEADING, NeuroSql.TRAILING,
        NeuroSql.CHECK, NeuroSql.CONSTRAINT, NeuroSql.CREATE, NeuroSql.CROSS,
        NeuroSql.CURRENT_DATE, NeuroSql.CURRENT_TIME, NeuroSql.CURRENT_TIMESTAMP,
        NeuroSql.DEFAULT, NeuroSql.DISTINCT, NeuroSql.ELSE, NeuroSql.END, NeuroSql.EXCEPT,
        NeuroSql.EXISTS, NeuroSql.FALSE, NeuroSql.FROM, NeuroSql.FULL, NeuroSql.GROUP,
        NeuroSql.HAVING, NeuroSql.IN, NeuroSql.INNER, NeuroSql.INTERSECT, NeuroSql.INTO,
        NeuroSql.IS, NeuroSql.JOIN, NeuroSql.LEFT, NeuroSql.LIKE, NeuroSql.LIMIT,
        NeuroSql.NATURAL, NeuroSql.NOT, NeuroSql.NULL, NeuroSql.ON, NeuroSql.OR, NeuroSql.ORDER,
        NeuroSql.PRIMARY, NeuroSql.RIGHT, NeuroSql.SELECT, NeuroSql.TABLE, NeuroSql.THEN,
        NeuroSql.TRUE, NeuroSql.UNION, NeuroSql.UNIQUE, NeuroSql.USING, NeuroSql.VALUES,
        NeuroSql.WHEN, NeuroSql.WHERE, NeuroSql.WITH,
    ];
}
