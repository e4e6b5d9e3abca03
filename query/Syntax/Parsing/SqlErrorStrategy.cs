using Antlr4.Runtime;
using Antlr4.Runtime.Atn;
using Antlr4.Runtime.Misc;
using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>
/// Stops at the first error and says what would have fitted. ANTLR knows only what its last
/// decision allowed; this also remembers every decision that was made at the same token, so that
/// the optional clauses that were passed over are named too.
/// </summary>
internal sealed class SqlErrorStrategy : DefaultErrorStrategy
{
    private static readonly int[] QueryTailStarts =
    [
        NeuroSql.UNION, NeuroSql.EXCEPT, NeuroSql.INTERSECT, NeuroSql.ORDER, NeuroSql.LIMIT,
        NeuroSql.OFFSET, NeuroSql.FETCH, NeuroSql.FOR,
    ];

    private readonly List<(int State, RuleContext Context)> _passed = [];
    private int _tokenIndex = -1;

    public override void Sync(Parser recognizer)
    {
        int index = recognizer.CurrentToken.TokenIndex;
        if (index != _tokenIndex)
        {
            _tokenIndex = index;
            _passed.Clear();
        }

        _passed.Add((recognizer.State, recognizer.RuleContext));
    }

    public override void Recover(Parser recognizer, RecognitionException e)
    {
        SqlToken found = (SqlToken)(e.OffendingToken ?? recognizer.CurrentToken);
        IntervalSet expected = e is NoViableAltException { DeadEndConfigs: not null } dead
            && found.TokenIndex != _tokenIndex
            ? AfterLookahead(recognizer, dead)
            : Passed(recognizer, found);
        throw Error(recognizer, found, expected);
    }

    public override IToken RecoverInline(Parser recognizer)
    {
        SqlToken found = (SqlToken)recognizer.CurrentToken;
        IntervalSet expected = Passed(recognizer, found);
        throw Error(recognizer, found, expected);
    }

    public override void ReportError(Parser recognizer, RecognitionException e)
    {
    }

    private static SyntaxException Error(Parser recognizer, SqlToken found, IntervalSet expected)
    {
        bool isInArguments = false;
        for (RuleContext? context = recognizer.RuleContext;
            context is not null and not NeuroSql.SelectContext;
            context = context.Parent)
        {
            isInArguments |= context is NeuroSql.ArgumentsContext;
        }

        return SyntaxErrors.Expected(
            found,
            ExpectedTokens.Describe(expected, found),
            SyntaxHints.At((ITokenStream)recognizer.InputStream, found, isInArguments));
    }

    private IntervalSet Passed(Parser recognizer, SqlToken found)
    {
        IntervalSet expected = new(recognizer.GetExpectedTokens());
        if (found.TokenIndex == _tokenIndex)
        {
            foreach ((int state, RuleContext context) in _passed)
            {
                expected.AddAll(recognizer.Atn.GetExpectedTokens(state, context));
            }
        }

        if (IsPlainBracket(recognizer.RuleContext))
        {
            foreach (int type in QueryTailStarts)
            {
                expected.Remove(type);
            }
        }

        return expected;
    }

    // The grammar lets a query's tail follow any expression in brackets; only a nested query may
    // have one.
    private static bool IsPlainBracket(RuleContext context)
    {
        RuleContext bracket = context is NeuroSql.QueryTailContext ? context.Parent : context;
        return bracket is NeuroSql.ParenthesizedContext parenthesized
            && parenthesized.expression() is [var first, ..]
            && first.Start.Type != NeuroSql.LEFT_PARENTHESIS;
    }

    // A decision that looked further than its first token died at a later one: what fitted there
    // is what its last living states could read.
    private static IntervalSet AfterLookahead(Parser recognizer, NoViableAltException dead)
    {
        IntervalSet expected = new();
        foreach (ATNConfig config in dead.DeadEndConfigs.configs)
        {
            for (int i = 0; i < config.state.NumberOfTransitions; i++)
            {
                if (config.state.Transition(i).Label is IntervalSet label)
                {
                    expected.AddAll(label);
                }
            }
        }

        return expected.IsNil ? recognizer.GetExpectedTokens() : expected;
    }
}
