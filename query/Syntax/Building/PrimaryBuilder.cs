using System.Globalization;
using Antlr4.Runtime.Tree;
using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>
/// Builds the operands of expressions: constants, names, calls, CASE and brackets.
/// </summary>
internal sealed class PrimaryBuilder(BuilderScope scope, ExpressionBuilder expressions)
{
    private readonly ArrayBuilder _arrays = new(scope, expressions);

    /// <summary>The builder of calls.</summary>
    public CallBuilder Calls { get; } = new(scope, expressions);

    public static ExpressionSyntax BuildConstant(SqlToken token)
    {
        if (token.Type == NeuroSql.PARAMETER)
        {
            return BuilderScope.Parameter(token);
        }

        (LiteralKind kind, string text) = token.Type switch
        {
            NeuroSql.INTEGER_NUMBER => (LiteralKind.Integer, IntegerText(token)),
            NeuroSql.DECIMAL_NUMBER => (LiteralKind.Decimal, Digits(token)),
            NeuroSql.DOUBLE_NUMBER => (LiteralKind.Double, Digits(token)),
            NeuroSql.TEXT_STRING => (LiteralKind.Text, token.StringText()),
            NeuroSql.BLOB_STRING => (
                token.Span[0] is 'b' or 'B' ? LiteralKind.Bits : LiteralKind.Blob,
                token.Span[2..^1].ToString()),
            NeuroSql.TRUE => (LiteralKind.Boolean, "true"),
            NeuroSql.FALSE => (LiteralKind.Boolean, "false"),
            NeuroSql.NULL => (LiteralKind.Null, ""),
            _ => throw Invariant.Broken("every constant token has a kind"),
        };
        return new LiteralExpressionSyntax(kind, text) { Position = token.Position };
    }

    public ExpressionSyntax Build(NeuroSql.PrimaryContext context)
    {
        NeuroSql.BracketsContext[] brackets = context.brackets();
        if (brackets.Length == 0)
        {
            return BuildOperand(context);
        }

        bool isArray = context.qualifiedName() is not null && context.children.Count > 1
            && context.GetChild(1) is NeuroSql.BracketsContext first
            && first.LEFT_BRACKET() is not null
            && context.Start is SqlToken word
            && (word.Name ?? word.Text).Equals("ARRAY", StringComparison.OrdinalIgnoreCase);
        ExpressionSyntax expression = isArray
            ? _arrays.BuildArray(context, brackets[0])
            : BuildOperand(context);
        return _arrays.BuildSubscripts(
            context, expression, brackets.AsSpan(isArray ? 1 : 0));
    }

    private ExpressionSyntax BuildOperand(NeuroSql.PrimaryContext context)
    {
        SourcePosition position = BuilderScope.PositionOf(context);
        if (context.qualifiedName() is { } name)
        {
            return BuildName(context, name) with { Position = position };
        }

        if (context.children[0] is NeuroSql.ParenthesizedContext parenthesized)
        {
            return BuildParenthesized(parenthesized);
        }

        if (context.braces() is { } braces)
        {
            return BuildBraces(braces, isMap: false) with { Position = position };
        }

        SqlToken first = (SqlToken)context.Start;
        ExpressionSyntax expression = first.Type switch
        {
            NeuroSql.CASE => BuildCase(context),
            NeuroSql.CAST => BuildCast(context),
            NeuroSql.EXISTS => new ExistsExpressionSyntax(BuildQuery(context.parenthesized())),
            _ => BuildCall(KeywordName(first), context.arguments(), null),
        };
        return expression with { Position = position };
    }

    /// <summary>IN with what follows it: a list, a query or the name of a table.</summary>
    public ExpressionSyntax BuildIn(ExpressionSyntax operand, IParseTree source, bool isNegated)
    {
        var where = (NeuroSql.InSourceContext)source;
        if (where.qualifiedName() is { } table && where.arguments() is null)
        {
            return new InQueryExpressionSyntax(operand, TableQuery(table), isNegated);
        }

        if (where.parenthesized() is not { } context)
        {
            throw SyntaxErrors.Expected((SqlToken)where.Start, "a list or a query in brackets");
        }

        if (context.plainQuery() is not null || !QueryBuilder.IsEmpty(context.queryTail()))
        {
            return new InQueryExpressionSyntax(operand, BuildQuery(context), isNegated);
        }

        scope.Enter(1, context);
        IReadOnlyList<ExpressionSyntax> items = expressions.BuildAll(context.expression());
        scope.Leave(1);

        // IN ((SELECT ..)) is a query too, as in SQLite.
        return items is [SubqueryExpressionSyntax only]
            ? new InQueryExpressionSyntax(operand, only.Query, isNegated)
            : new InListExpressionSyntax(operand, items, isNegated);
    }

    public FunctionCallSyntax BuildCall(
        NameSyntax name, NeuroSql.ArgumentsContext? context, NeuroSql.CallTailContext? tail) =>
        Calls.Build(name, context, tail);

    private static string IntegerText(SqlToken token)
    {
        ReadOnlySpan<char> digits = Digits(token);
        if (digits.Length < 2 || char.IsAsciiDigit(digits[1]))
        {
            return digits.ToString();
        }

        if (digits[1] is not ('x' or 'X'))
        {
            return OfRadix(token, digits[2..].ToString(), digits[1] is 'b' or 'B' ? 2 : 8);
        }

        // Sixteen hexadecimal digits are 64 bits as they stand, so 0xFFFFFFFFFFFFFFFF is -1.
        digits = digits[2..].TrimStart('0');
        return digits.Length switch
        {
            0 => "0",
            <= 16 => long.Parse(
                digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                .ToString(CultureInfo.InvariantCulture),
            _ => throw SyntaxErrors.At(
                token.Position, "a hexadecimal number has at most 16 digits"),
        };
    }

    private static string OfRadix(SqlToken token, string digits, int radix)
    {
        bool isRight = digits.Length <= (radix == 2 ? 63 : 21)
            && digits.All(digit => digit - '0' >= 0 && digit - '0' < radix);
        return isRight
            ? Convert.ToInt64(digits, radix).ToString(CultureInfo.InvariantCulture)
            : throw SyntaxErrors.At(token.Position, $"these are no digits of a BIGINT to {radix}");
    }

    private static string Digits(SqlToken token) =>
        token.Text.Replace("_", "", StringComparison.Ordinal);

    private static NameSyntax KeywordName(SqlToken token) =>
        new([BuilderScope.Identifier(token)]) { Position = token.Position };

    private ExpressionSyntax BuildName(
        NeuroSql.PrimaryContext context, NeuroSql.QualifiedNameContext qualified)
    {
        NameSyntax name = BuilderScope.Name(qualified);
        if (context.arguments() is { } arguments)
        {
            return name.Parts is [{ IsQuoted: false, Name: var word }]
                && string.Equals(word, "ROW", StringComparison.OrdinalIgnoreCase)
                ? BuildRow(arguments)
                : MergeScope.IsAction(name) && arguments.ChildCount == 2
                ? new ColumnReferenceSyntax(MergeScope.ActionName)
                : BuildCall(name, arguments, context.callTail());
        }

        if (context.braces() is { } braces)
        {
            return name.Text.Equals("MAP", StringComparison.OrdinalIgnoreCase)
                ? BuildBraces(braces, isMap: true)
                : throw SyntaxErrors.Expected(
                    (SqlToken)braces.Start, "an operator, or MAP before the braces");
        }

        if (context.MODEL_VERSION() is { } version)
        {
            return new ObjectArgumentSyntax(
                ObjectArgumentKind.Model,
                name,
                ModelBuilder.VersionOf(BuilderScope.TokenOf(version)));
        }

        if ((context.TEXT_STRING() ?? context.INTEGER_NUMBER()) is { } literal)
        {
            TypeSyntax type = new(name.Text.ToUpperInvariant(), []) { Position = name.Position };
            var text = (LiteralExpressionSyntax)BuildConstant(BuilderScope.TokenOf(literal));
            return new CastExpressionSyntax(
                context.INTERVAL_UNIT() is { } unit
                    ? new LiteralExpressionSyntax(
                        LiteralKind.Text,
                        IntervalLiteral.Of(text.Text, unit.Symbol.Text, LastUnit(context)))
                    {
                        Position = text.Position,
                    }
                    : text,
                type);
        }

        return new ColumnReferenceSyntax(name);
    }

    private static string? LastUnit(NeuroSql.PrimaryContext context) =>
        context.bareName() is not { } last ? null
            : IntervalLiteral.IsRange(context.INTERVAL_UNIT().Symbol.Text, last.Start.Text)
                ? last.Start.Text
                : throw SyntaxErrors.Expected(
                    (SqlToken)last.Start, "the end of YEAR TO MONTH or DAY TO SECOND");

    private StructExpressionSyntax BuildBraces(NeuroSql.BracesContext context, bool isMap)
    {
        scope.Enter(1, context);
        var items = new List<(ExpressionSyntax Key, ExpressionSyntax Value)>();
        foreach (NeuroSql.BraceItemContext item in context.braceItem())
        {
            items.Add((
                expressions.Build(item.expression(0)), expressions.Build(item.expression(1))));
        }

        scope.Leave(1);
        return new StructExpressionSyntax(isMap, items);
    }

    private CaseExpressionSyntax BuildCase(NeuroSql.PrimaryContext context)
    {
        scope.Enter(1, context);
        NeuroSql.ExpressionContext[] parts = context.expression();
        int whenCount = context.WHEN().Length;
        bool hasElse = context.ELSE() is not null;
        int next = parts.Length - (hasElse ? 1 : 0) - (whenCount * 2);
        Invariant.Check(next is 0 or 1);
        ExpressionSyntax? operand = next == 1 ? expressions.Build(parts[0]) : null;
        List<WhenClauseSyntax> whens = new(whenCount);
        for (int i = 0; i < whenCount; i++, next += 2)
        {
            whens.Add(
                new WhenClauseSyntax(
                    expressions.Build(parts[next]), expressions.Build(parts[next + 1]))
                {
                    Position = BuilderScope.Between(parts[next].Start, parts[next + 1].Stop),
                });
        }

        ExpressionSyntax? otherwise = hasElse ? expressions.Build(parts[^1]) : null;
        scope.Leave(1);
        return new CaseExpressionSyntax(operand, whens, otherwise);
    }

    private CastExpressionSyntax BuildCast(NeuroSql.PrimaryContext context)
    {
        scope.Enter(1, context);
        ExpressionSyntax operand = expressions.Build(context.expression(0));
        scope.Leave(1);
        return new CastExpressionSyntax(operand, ExpressionBuilder.BuildType(context.columnType()))
        {
            IsTry = ((SqlToken)context.Start).Span.Length > "CAST".Length,
        };
    }

    private ExpressionSyntax BuildParenthesized(NeuroSql.ParenthesizedContext context)
    {
        NeuroSql.ExpressionContext[] items = context.expression();
        if (context.plainQuery() is not null || !QueryBuilder.IsEmpty(context.queryTail()))
        {
            return new SubqueryExpressionSyntax(BuildQuery(context))
            {
                Position = BuilderScope.PositionOf(context),
            };
        }

        if (items.Length == 0)
        {
            throw SyntaxErrors.Expected((SqlToken)context.Stop, "an expression or a query");
        }

        scope.Enter(1, context);
        ExpressionSyntax expression = items.Length == 1
            ? expressions.Build(items[0])
            : new RowExpressionSyntax(expressions.BuildAll(items))
            {
                Position = BuilderScope.PositionOf(context),
            };
        scope.Leave(1);
        return expression;
    }

    private RowExpressionSyntax BuildRow(NeuroSql.ArgumentsContext context)
    {
        scope.Enter(1, context);
        FunctionCallSyntax call = BuildCall(
            new NameSyntax([new IdentifierSyntax("row", false)]), context, null);
        scope.Leave(1);
        return call is { IsStar: false, IsDistinct: false, Query: null, OrderBy.Count: 0 }
            && call.Arguments.Count > 0 && call.Arguments.All(argument => argument.Name is null)
            ? new RowExpressionSyntax([.. call.Arguments.Select(argument => argument.Value)])
            : throw SyntaxErrors.At(
                BuilderScope.PositionOf(context), "ROW takes values, separated by commas");
    }

    /// <summary>The source of IN as a value: POSITION (x IN y).</summary>
    public ExpressionSyntax BuildValue(NeuroSql.InSourceContext context)
    {
        if (context.parenthesized() is { } parenthesized)
        {
            return BuildParenthesized(parenthesized);
        }

        if (context.qualifiedName() is not { } qualified)
        {
            return BuildConstant((SqlToken)context.Start);
        }

        NameSyntax name = BuilderScope.Name(qualified);
        ExpressionSyntax value = context.arguments() is { } arguments
            ? BuildCall(name, arguments, null)
            : new ColumnReferenceSyntax(name);
        return value with { Position = BuilderScope.PositionOf(context) };
    }

    private QuerySyntax BuildQuery(NeuroSql.ParenthesizedContext context)
    {
        scope.Enter(1, context);
        QuerySyntax query;
        if (context.plainQuery() is { } plain)
        {
            query = expressions.Queries.Build(plain);
        }
        else if (context.expression() is [var only]
            && expressions.Build(only) is SubqueryExpressionSyntax nested)
        {
            query = expressions.Queries.BuildTail(context, nested.Query, context.queryTail());
        }
        else
        {
            throw QueryBuilder.IsEmpty(context.queryTail())
                ? SyntaxErrors.At(
                    BuilderScope.PositionOf(context), "expected a query in the brackets")
                : SyntaxErrors.Expected((SqlToken)context.queryTail().Start, "')'");
        }

        scope.Leave(1);
        return query;
    }

    /// <summary>All columns of all rows of a table, as TABLE t gives them.</summary>
    public static SelectSyntax TableSelect(NeuroSql.QualifiedNameContext context) =>
        (SelectSyntax)TableQuery(context).Body;

    private static QuerySyntax TableQuery(NeuroSql.QualifiedNameContext context)
    {
        SourcePosition position = BuilderScope.PositionOf(context);
        NamedTableSyntax table = new(BuilderScope.Name(context), null, [])
        {
            Position = position,
        };
        SelectSyntax select = new(
            false, [new StarItemSyntax(null) { Position = position }], [table], null, [], null)
        {
            Position = position,
        };
        return new QuerySyntax([], select, [], null, null) { Position = position };
    }
}
