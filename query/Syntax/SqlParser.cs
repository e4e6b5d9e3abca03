using Antlr4.Runtime;
using Antlr4.Runtime.Atn;
using Antlr4.Runtime.Misc;
using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>
/// Reads SQL text into syntax trees. Pure: no state is kept between calls, and any thread may
/// call it.
/// </summary>
internal static class SqlParser
{
    /// <summary>
    /// Reads a script: statements separated by semicolons; empty ones are skipped.
    /// </summary>
    /// <exception cref="SyntaxException">The text does not follow the grammar.</exception>
    /// <exception cref="ResourceLimitException">It is too long or nested too deep.</exception>
    /// <param name="sql">The script.</param>
    /// <param name="names">What IDENTIFIER(?) stands for, by number; null where unknown.</param>
    public static IReadOnlyList<StatementSyntax> Parse(
        string sql, IReadOnlyDictionary<int, string>? names = null)
    {
        SqlScanner scanner = new(sql, names);
        List<StatementSyntax> statements = [];
        while (!scanner.IsAtEnd)
        {
            SqlTokenStream tokens = scanner.NextStatement();
            if (tokens.Size > 1)
            {
                statements.Add(
                    new StatementBuilder(sql, tokens.Parameters)
                        .Build(Run(tokens, parser => parser.oneStatement())));
            }
        }

        return statements;
    }

    /// <summary>Reads one expression, as stored for DEFAULT and CHECK.</summary>
    /// <exception cref="SyntaxException">The text does not follow the grammar.</exception>
    /// <exception cref="ResourceLimitException">It is too long or nested too deep.</exception>
    public static ExpressionSyntax ParseExpression(string sql)
    {
        SqlScanner scanner = new(sql);
        SqlTokenStream tokens = scanner.NextStatement();
        NeuroSql.OneExpressionContext tree = Run(tokens, parser => parser.oneExpression());
        SqlTokenStream rest = scanner.NextStatement();
        if (rest.Size > 1)
        {
            throw SyntaxErrors.Expected((SqlToken)rest.Get(0), "end of expression");
        }

        return new StatementBuilder(sql, tokens.Parameters).BuildExpression(tree.expression());
    }

    // The first pass is the fast one and gives up on anything it cannot decide; the second decides
    // with the full context and knows how to report an error.
    private static T Run<T>(SqlTokenStream tokens, Func<NeuroSql, T> rule)
        where T : ParserRuleContext
    {
        NeuroSql parser = new(tokens, TextWriter.Null, TextWriter.Null);
        parser.RemoveErrorListeners();
        parser.Interpreter.PredictionMode = PredictionMode.SLL;
        parser.ErrorHandler = new BailErrorStrategy();
        try
        {
            return rule(parser);
        }
        catch (ParseCanceledException)
        {
            tokens.Seek(0);
            parser.Reset();
            parser.Interpreter.PredictionMode = PredictionMode.LL;
            parser.ErrorHandler = new SqlErrorStrategy();
            return rule(parser);
        }
    }
}
