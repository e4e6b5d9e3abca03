using Antlr4.Runtime;
using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>The words of a type of a column, which may stand around its arguments.</summary>
internal static class TypeWords
{
    /// <summary>The words as written, one after the other.</summary>
    public static List<SqlToken> Of(NeuroSql.ColumnTypeContext context)
    {
        var words = new List<SqlToken>();
        for (int i = 0; i < context.ChildCount; i++)
        {
            if (context.GetChild(i) is not (NeuroSql.TypeArgumentsContext
                or NeuroSql.ArraySizeContext))
            {
                SqlToken token = context.GetChild(i) is ParserRuleContext rule
                    ? (SqlToken)rule.Start
                    : BuilderScope.TokenOf(context.GetChild(i));
                words.Add(token);
            }
        }

        return words;
    }
}
