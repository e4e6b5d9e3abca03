using Antlr4.Runtime.Tree;
using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>
/// How tight operators bind, from PostgreSQL, and from SQLite where PostgreSQL allows no chain:
/// a comparison by order binds tighter than one by equality.
/// </summary>
internal static class OperatorTable
{
    public const int Or = 1;
    public const int And = 2;
    public const int Not = 3;
    public const int Equality = 4;
    public const int Ordering = 5;
    public const int Matching = 6;
    public const int Other = 7;
    public const int Additive = 8;
    public const int Multiplicative = 9;
    public const int Power = 10;
    public const int Prefix = 11;
    public const int Cast = 12;

    /// <summary>The precedence of what follows an operand; 0 if it is no operator.</summary>
    public static int PrecedenceOf(int type) => type switch
    {
        NeuroSql.OR => Or,
        NeuroSql.AND => And,
        NeuroSql.EQUAL or NeuroSql.NOT_EQUAL or NeuroSql.IS or NeuroSql.ISNULL
            or NeuroSql.NOTNULL => Equality,
        NeuroSql.LESS or NeuroSql.LESS_EQUAL or NeuroSql.GREATER
            or NeuroSql.GREATER_EQUAL => Ordering,
        NeuroSql.BETWEEN or NeuroSql.IN or NeuroSql.LIKE or NeuroSql.ILIKE
            or NeuroSql.GLOB or NeuroSql.REGEXP or NeuroSql.SIMILAR_TO => Matching,
        NeuroSql.L2_DISTANCE or NeuroSql.COSINE_DISTANCE or NeuroSql.INNER_PRODUCT
            or NeuroSql.L1_DISTANCE or NeuroSql.HAMMING_DISTANCE
            or NeuroSql.JACCARD_DISTANCE or NeuroSql.CONCATENATE or NeuroSql.AMPERSAND
            or NeuroSql.BAR or NeuroSql.SHIFT_LEFT or NeuroSql.SHIFT_RIGHT
            or NeuroSql.JSON_MEMBER or NeuroSql.JSON_TEXT or NeuroSql.JSON_PATH
            or NeuroSql.JSON_PATH_TEXT or NeuroSql.CONTAINS or NeuroSql.CONTAINED
            or NeuroSql.OVERLAPS or NeuroSql.HAS_WORDS or NeuroSql.TILDE
            or NeuroSql.NOT_MATCH or NeuroSql.CASELESS_MATCH
            or NeuroSql.NOT_CASELESS_MATCH or NeuroSql.HASH or NeuroSql.PREFIX_MATCH => Other,
        NeuroSql.PLUS or NeuroSql.MINUS => Additive,
        NeuroSql.STAR or NeuroSql.SLASH or NeuroSql.PERCENT
            or NeuroSql.DOUBLE_SLASH => Multiplicative,
        NeuroSql.CARET => Power,
        NeuroSql.AT_TIME_ZONE => Prefix,
        NeuroSql.DOUBLE_COLON or NeuroSql.COLLATE => Cast,
        _ => 0,
    };

    /// <summary>The function that an operator is another way to write; null for others.</summary>
    public static string? FunctionOf(int type) => type switch
    {
        NeuroSql.CARET => "power",
        NeuroSql.DOUBLE_SLASH => "div",
        NeuroSql.HASH => "xor",
        NeuroSql.PREFIX_MATCH => "starts_with",
        NeuroSql.SIMILAR_TO => "similar_to",
        _ => null,
    };

    /// <summary>The operator of a token between two operands.</summary>
    public static BinaryOperator BinaryOf(int type) => type switch
    {
        NeuroSql.EQUAL => BinaryOperator.Equal,
        NeuroSql.NOT_EQUAL => BinaryOperator.NotEqual,
        NeuroSql.LESS => BinaryOperator.Less,
        NeuroSql.LESS_EQUAL => BinaryOperator.LessOrEqual,
        NeuroSql.GREATER => BinaryOperator.Greater,
        NeuroSql.GREATER_EQUAL => BinaryOperator.GreaterOrEqual,
        NeuroSql.L2_DISTANCE => BinaryOperator.L2Distance,
        NeuroSql.COSINE_DISTANCE => BinaryOperator.CosineDistance,
        NeuroSql.INNER_PRODUCT => BinaryOperator.NegativeInnerProduct,
        NeuroSql.L1_DISTANCE => BinaryOperator.L1Distance,
        NeuroSql.HAMMING_DISTANCE => BinaryOperator.HammingDistance,
        NeuroSql.JACCARD_DISTANCE => BinaryOperator.JaccardDistance,
        NeuroSql.CONCATENATE => BinaryOperator.Concatenate,
        NeuroSql.JSON_MEMBER => BinaryOperator.JsonMember,
        NeuroSql.JSON_TEXT => BinaryOperator.JsonText,
        NeuroSql.JSON_PATH => BinaryOperator.JsonPath,
        NeuroSql.JSON_PATH_TEXT => BinaryOperator.JsonPathText,
        NeuroSql.CONTAINS => BinaryOperator.Contains,
        NeuroSql.CONTAINED => BinaryOperator.Contained,
        NeuroSql.OVERLAPS => BinaryOperator.Overlaps,
        NeuroSql.HAS_WORDS => BinaryOperator.HasWords,
        NeuroSql.AT_TIME_ZONE => BinaryOperator.AtTimeZone,
        NeuroSql.AMPERSAND => BinaryOperator.BitwiseAnd,
        NeuroSql.BAR => BinaryOperator.BitwiseOr,
        NeuroSql.SHIFT_LEFT => BinaryOperator.ShiftLeft,
        NeuroSql.SHIFT_RIGHT => BinaryOperator.ShiftRight,
        NeuroSql.PLUS => BinaryOperator.Add,
        NeuroSql.MINUS => BinaryOperator.Subtract,
        NeuroSql.STAR => BinaryOperator.Multiply,
        NeuroSql.SLASH => BinaryOperator.Divide,
        NeuroSql.PERCENT => BinaryOperator.Modulo,
        _ => throw Invariant.Broken("every operator token has an operator"),
    };

    /// <summary>
    /// How deep the tree of a flat chain can be: the most operators between two of its AND and OR,
    /// which do not make it deeper. The AND of BETWEEN parts nothing.
    /// </summary>
    public static int DepthOf(IList<IParseTree> items)
    {
        int most = 0;
        int run = 0;
        int openBetween = 0;
        foreach (IParseTree item in items)
        {
            int type = BuilderScope.TypeOf(item);
            if (type == NeuroSql.OR || (type == NeuroSql.AND && openBetween == 0))
            {
                run = 0;
                openBetween = 0;
            }
            else if (type == NeuroSql.AND)
            {
                openBetween--;
            }
            else if (type == NeuroSql.BETWEEN)
            {
                openBetween++;
                run++;
            }
            else if (PrecedenceOf(type) > 0 || type is NeuroSql.NOT or NeuroSql.TILDE)
            {
                run++;
            }

            most = Math.Max(most, run);
        }

        return most;
    }
}
