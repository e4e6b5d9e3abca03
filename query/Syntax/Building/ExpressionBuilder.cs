using System.Runtime.CompilerServices;
using Antlr4.Runtime;
using Antlr4.Runtime.Tree;
using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>
/// Gives the flat chains of the grammar their shape: precedence climbing over operands and
/// operators. The operands are <see cref="PrimaryBuilder"/>'s.
/// </summary>
internal sealed partial class ExpressionBuilder
{
    private const string LongMinDigits = "9223372036854775808";

    private readonly BuilderScope _scope;
    private readonly PrimaryBuilder _primaries;

    public ExpressionBuilder(BuilderScope scope)
    {
        _scope = scope;
        Queries = new QueryBuilder(scope, this);
        _primaries = new PrimaryBuilder(scope, this);
    }

    /// <summary>The builder of windows.</summary>
    public WindowBuilder Windows => _primaries.Calls.Windows;

    /// <summary>The builder of the queries in expressions.</summary>
    public QueryBuilder Queries { get; }

    public ExpressionSyntax Build(NeuroSql.ExpressionContext context) =>
        BuildChain(context, context.children);

    public ExpressionSyntax Build(NeuroSql.SimpleExpressionContext context) =>
        BuildChain(context, context.children);

    public ExpressionSyntax Build(NeuroSql.DefaultValueContext context) =>
        BuildChain(context, context.children);

    public static ExpressionSyntax BuildConstant(SqlToken token) =>
        PrimaryBuilder.BuildConstant(token);

    public ExpressionSyntax? BuildOptional(NeuroSql.ExpressionContext? context) =>
        context is null ? null : Build(context);

    public FunctionCallSyntax BuildCall(NameSyntax name, NeuroSql.ArgumentsContext arguments) =>
        _primaries.BuildCall(name, arguments, null);

    public IReadOnlyList<ExpressionSyntax> BuildAll(NeuroSql.ExpressionContext[] contexts)
    {
        List<ExpressionSyntax> expressions = new(contexts.Length);
        foreach (NeuroSql.ExpressionContext context in contexts)
        {
            expressions.Add(Build(context));
        }

        return expressions;
    }

    /// <summary>A condition in its own brackets.</summary>
    public static NeuroSql.ExpressionContext OnlyExpression(NeuroSql.ParenthesizedContext context)
    {
        NeuroSql.ExpressionContext[] expressions = context.expression();
        if (expressions.Length != 1 || context.plainQuery() is not null
            || !QueryBuilder.IsEmpty(context.queryTail()))
        {
            throw SyntaxErrors.At(
                BuilderScope.PositionOf(context), "expected one condition in the brackets");
        }

        return expressions[0];
    }

    /// <summary>Some items of the flat chain of an expression.</summary>
    public ExpressionSyntax BuildItems(ParserRuleContext context, IList<IParseTree> items) =>
        BuildChain(context, items);

    private ExpressionSyntax BuildChain(ParserRuleContext context, IList<IParseTree> items)
    {
        if (items.Count == 1)
        {
            return BuildOperand(items[0]);
        }

        int depth = OperatorTable.DepthOf(items);
        _scope.Enter(depth, context);
        ExpressionCursor cursor = new(items, (SqlToken)context.Stop);
        ExpressionSyntax expression = Climb(cursor, OperatorTable.Or);
        if (!cursor.IsAtEnd)
        {
            // Only ESCAPE without LIKE stops the climb early.
            throw SyntaxErrors.Expected(cursor.Token, "an operator");
        }

        _scope.Leave(depth);
        return expression;
    }

    private ExpressionSyntax BuildOperand(IParseTree item) => item switch
    {
        ITerminalNode terminal => BuildConstant((SqlToken)terminal.Symbol),
        NeuroSql.InSourceContext source => _primaries.BuildValue(source),
        _ => _primaries.Build((NeuroSql.PrimaryContext)item),
    };

    private ExpressionSyntax Climb(ExpressionCursor cursor, int lowest)
    {
        SqlToken first = cursor.Token;
        ExpressionSyntax left = ClimbPrefix(cursor);
        while (!cursor.IsAtEnd)
        {
            if (cursor.Current is NeuroSql.ContractContext contract)
            {
                if (OperatorTable.Equality < lowest)
                {
                    return left;
                }

                cursor.Take();
                left = BuildContract(left, contract) with
                {
                    Position = BuilderScope.Between(first, cursor.Previous),
                };
                continue;
            }

            bool isNegated = cursor.Type == NeuroSql.NOT;
            int type = isNegated ? cursor.TypeAt(1) : cursor.Type;
            int precedence = isNegated && type == NeuroSql.NULL
                ? OperatorTable.Equality
                : OperatorTable.PrecedenceOf(type);
            if (precedence == 0 || precedence < lowest)
            {
                return left;
            }

            left = precedence <= OperatorTable.And
                ? ClimbLogical(cursor, left, type, precedence)
                : ClimbOperator(cursor, left, isNegated, type, precedence);
            left = left with { Position = BuilderScope.Between(first, cursor.Previous) };
        }

        return left;
    }

    private ExpressionSyntax ClimbPrefix(ExpressionCursor cursor)
    {
        SqlToken first = cursor.Token;
        UnaryOperator operation;
        switch (cursor.Type)
        {
            case NeuroSql.NOT:
                operation = UnaryOperator.Not;
                break;
            case NeuroSql.MINUS:
                operation = UnaryOperator.Negate;
                break;
            case NeuroSql.PLUS:
                operation = UnaryOperator.Plus;
                break;
            case NeuroSql.TILDE:
                operation = UnaryOperator.BitwiseNot;
                break;
            default:
                return BuildOperand(cursor.Take());
        }

        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw SyntaxErrors.TooDeep(first.Position);
        }

        cursor.Take();
        ExpressionSyntax operand = Climb(
            cursor,
            operation == UnaryOperator.Not ? OperatorTable.Not : OperatorTable.Prefix);
        SourcePosition position = BuilderScope.Between(first, cursor.Previous);
        if (operation == UnaryOperator.Negate
            && operand is LiteralExpressionSyntax
            {
                Kind: LiteralKind.Integer, Text: LongMinDigits
            } literal)
        {
            // The lowest BIGINT has no positive twin to negate.
            return literal with { Text = "-" + LongMinDigits, Position = position };
        }

        return new UnaryExpressionSyntax(operation, operand) { Position = position };
    }

    private LogicalExpressionSyntax ClimbLogical(
        ExpressionCursor cursor, ExpressionSyntax left, int type, int precedence)
    {
        List<ExpressionSyntax> operands = [left];
        while (cursor.TryTake(type))
        {
            operands.Add(Climb(cursor, precedence + 1));
        }

        Invariant.Check(operands.Count > 1);
        return new LogicalExpressionSyntax(
            type == NeuroSql.OR ? LogicalOperator.Or : LogicalOperator.And, operands);
    }

    private ExpressionSyntax ClimbOperator(
        ExpressionCursor cursor, ExpressionSyntax left, bool isNegated, int type, int precedence)
    {
        if (isNegated)
        {
            cursor.Take();
        }

        cursor.Take();
        switch (type)
        {
            case NeuroSql.NULL:
            case NeuroSql.NOTNULL:
                return new IsExpressionSyntax(left, TruthTest.Null, true);
            case NeuroSql.ISNULL:
                return new IsExpressionSyntax(left, TruthTest.Null, false);
            case NeuroSql.IS:
                return ClimbIs(cursor, left);
            case NeuroSql.BETWEEN:
                return ClimbBetween(cursor, left, isNegated);
            case NeuroSql.IN:
                return _primaries.BuildIn(left, cursor.Take(), isNegated);
            case NeuroSql.LIKE:
            case NeuroSql.ILIKE:
            case NeuroSql.GLOB:
            case NeuroSql.REGEXP:
                return ClimbLike(cursor, left, isNegated, type);
            case NeuroSql.DOUBLE_COLON:
                return new CastExpressionSyntax(
                    left, BuildType((NeuroSql.TypeNameContext)cursor.Take()));
            case NeuroSql.COLLATE:
                return new CollateExpressionSyntax(
                    left, BuilderScope.Identifier((NeuroSql.NameContext)cursor.Take()));
            case NeuroSql.TILDE:
            case NeuroSql.NOT_MATCH:
            case NeuroSql.CASELESS_MATCH:
            case NeuroSql.NOT_CASELESS_MATCH:
                return ClimbMatch(cursor, left, type, precedence);
            case var _ when OperatorTable.FunctionOf(type) is { } function:
                ExpressionSyntax call = ClimbCall(cursor, left, function, precedence);
                return isNegated ? new UnaryExpressionSyntax(UnaryOperator.Not, call) : call;
            default:
                return ClimbBinary(cursor, left, type, precedence);
        }
    }

    private ExpressionSyntax ClimbBinary(
        ExpressionCursor cursor, ExpressionSyntax left, int type, int precedence)
    {
        SqlToken sign = cursor.Previous;
        BinaryOperator operation = OperatorTable.BinaryOf(type);
        bool isAll = cursor.TryTake(NeuroSql.ALL);
        ExpressionSyntax right = Climb(cursor, precedence + 1);
        bool isComparison = precedence is OperatorTable.Equality or OperatorTable.Ordering;
        if (isAll)
        {
            return !isComparison
                ? throw SyntaxErrors.At(
                    sign.Position,
                    "ALL stands between a comparison and a query or an array in brackets")
                : right is SubqueryExpressionSyntax all
                    ? new QuantifiedExpressionSyntax(operation, left, true, all.Query)
                    : new AnyElementExpressionSyntax(operation, left, true, right);
        }

        if (isComparison
            && right is FunctionCallSyntax { Name.Parts: [{ IsQuoted: false, Name: var name }] } any
            && (string.Equals(name, "ANY", StringComparison.OrdinalIgnoreCase)
                || string.Equals(name, "SOME", StringComparison.OrdinalIgnoreCase)))
        {
            return any switch
            {
                { Query: { } query } =>
                    new QuantifiedExpressionSyntax(operation, left, false, query),
                { Arguments: [{ Name: null, Value: var array }] } =>
                    new AnyElementExpressionSyntax(operation, left, false, array),
                _ => throw SyntaxErrors.At(
                    any.Position, "ANY takes a query or an array in brackets"),
            };
        }

        return new BinaryExpressionSyntax(operation, left, right);
    }

    private ExpressionSyntax ClimbIs(ExpressionCursor cursor, ExpressionSyntax left)
    {
        bool isNegated = cursor.TryTake(NeuroSql.NOT);
        if (cursor.TryTake(NeuroSql.DISTINCT))
        {
            bool isFrom = cursor.TryTake(NeuroSql.FROM);
            Invariant.Check(isFrom);
            isNegated = !isNegated;
        }
        else if (TestOf(cursor) is TruthTest test)
        {
            cursor.Take();
            return new IsExpressionSyntax(left, test, isNegated);
        }

        return new BinaryExpressionSyntax(
            isNegated ? BinaryOperator.IsDistinctFrom : BinaryOperator.IsNotDistinctFrom,
            left,
            Climb(cursor, OperatorTable.Ordering));
    }

    private static TruthTest? TestOf(ExpressionCursor cursor) => cursor.Type switch
    {
        NeuroSql.NULL => TruthTest.Null,
        NeuroSql.TRUE => TruthTest.True,
        NeuroSql.FALSE => TruthTest.False,
        0 when cursor.Current is NeuroSql.PrimaryContext primary
            && primary.Start == primary.Stop
            && ((SqlToken)primary.Start).Span.Equals("UNKNOWN", StringComparison.OrdinalIgnoreCase)
            => TruthTest.Unknown,
        _ => null,
    };

    private ExpressionSyntax ClimbBetween(
        ExpressionCursor cursor, ExpressionSyntax left, bool isNegated)
    {
        bool isSymmetric =
            cursor.Previous.Span.EndsWith(" SYMMETRIC", StringComparison.OrdinalIgnoreCase);
        ExpressionSyntax low = Climb(cursor, OperatorTable.Other);
        if (!cursor.TryTake(NeuroSql.AND))
        {
            throw cursor.IsAtEnd
                ? SyntaxErrors.At(low.Position, "BETWEEN needs AND and an upper bound after this")
                : SyntaxErrors.Expected(cursor.Token, "AND");
        }

        ExpressionSyntax high = Climb(cursor, OperatorTable.Other);
        var between = new BetweenExpressionSyntax(left, low, high, isNegated);
        return isSymmetric
            ? new LogicalExpressionSyntax(
                isNegated ? LogicalOperator.And : LogicalOperator.Or,
                [between, new BetweenExpressionSyntax(left, high, low, isNegated)])
            : between;
    }

    private ExpressionSyntax ClimbLike(
        ExpressionCursor cursor, ExpressionSyntax left, bool isNegated, int type)
    {
        LikeKind kind = type switch
        {
            NeuroSql.LIKE => LikeKind.Like,
            NeuroSql.ILIKE => LikeKind.ILike,
            NeuroSql.REGEXP => LikeKind.Regexp,
            _ => LikeKind.Glob,
        };
        ExpressionSyntax pattern = Climb(cursor, OperatorTable.Other);
        ExpressionSyntax? escape = cursor.TryTake(NeuroSql.ESCAPE)
            ? Climb(cursor, OperatorTable.Other)
            : null;
        return pattern is FunctionCallSyntax { Name.Parts: [var name] } call
            && !name.IsQuoted && name.Name.ToUpperInvariant() is "ANY" or "SOME"
            ? OfEach(call, one =>
                new LikeExpressionSyntax(kind, left, one, escape, isNegated))
            : new LikeExpressionSyntax(kind, left, pattern, escape, isNegated);
    }
}
