using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>The operators that are another way to write a function.</summary>
internal sealed partial class ExpressionBuilder
{
    private FunctionCallSyntax ClimbCall(
        ExpressionCursor cursor, ExpressionSyntax left, string function, int precedence)
    {
        SqlToken sign = cursor.Previous;
        ExpressionSyntax right = Climb(cursor, precedence + 1);
        return CallOf(
            function, sign.Position, BuilderScope.Between(sign, cursor.Previous), left, right);
    }

    private static FunctionCallSyntax CallOf(
        string function,
        SourcePosition position,
        SourcePosition whole,
        params ExpressionSyntax[] values) =>
        new(
            new NameSyntax([new IdentifierSyntax(function, false)]) { Position = position },
            [
                .. values.Select(static value =>
                    new FunctionArgumentSyntax(null, value) { Position = value.Position }),
            ],
            false,
            false,
            null)
        {
            Position = whole,
        };

    // The regular expressions of PostgreSQL: ~ counts case, ~* does not.
    private ExpressionSyntax ClimbMatch(
        ExpressionCursor cursor, ExpressionSyntax left, int type, int precedence)
    {
        SqlToken sign = cursor.Previous;
        ExpressionSyntax pattern = Climb(cursor, precedence + 1);
        SourcePosition whole = BuilderScope.Between(sign, cursor.Previous);
        bool ignoresCase = type is NeuroSql.CASELESS_MATCH or NeuroSql.NOT_CASELESS_MATCH;
        var flag = new LiteralExpressionSyntax(LiteralKind.Text, "i") { Position = sign.Position };
        FunctionCallSyntax call = ignoresCase
            ? CallOf("regexp_like", sign.Position, whole, left, pattern, flag)
            : CallOf("regexp_like", sign.Position, whole, left, pattern);
        return type is NeuroSql.TILDE or NeuroSql.CASELESS_MATCH
            ? call
            : new UnaryExpressionSyntax(UnaryOperator.Not, call);
    }

    // LIKE ANY (ARRAY['a%', 'b%']), also LIKE ANY ('a%', 'b%'): a test for each pattern.
    private static ExpressionSyntax OfEach(
        FunctionCallSyntax call, Func<ExpressionSyntax, ExpressionSyntax> make)
    {
        IReadOnlyList<ExpressionSyntax> patterns =
            call.Arguments is [{ Value: ArrayExpressionSyntax array }]
                ? array.Elements
                : [.. call.Arguments.Select(static argument => argument.Value)];
        ExpressionSyntax[] tests = [.. patterns.Select(make)];
        return tests.Length switch
        {
            0 => throw SyntaxErrors.At(
                call.Position, "ANY behind LIKE takes patterns, or ARRAY[..] with them"),
            1 => tests[0],
            _ => new LogicalExpressionSyntax(LogicalOperator.Or, tests)
            {
                Position = call.Position,
            },
        };
    }
}
