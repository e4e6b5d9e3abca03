using System.Runtime.CompilerServices;
using Antlr4.Runtime;

namespace NeuroDb.Query;

/// <summary>
/// The base of the generated parser: it stops before the thread's stack runs out, which .NET
/// could not recover from.
/// </summary>
internal abstract class SqlParserBase(ITokenStream input, TextWriter output, TextWriter errors)
    : Parser(input, output, errors)
{
    public override void EnterRule(ParserRuleContext localctx, int state, int ruleIndex)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw SyntaxErrors.TooDeep(((SqlToken)CurrentToken).Position);
        }

        base.EnterRule(localctx, state, ruleIndex);
    }
}
