using Antlr4.Runtime.Tree;
using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>
/// Builds calls, also those that the standard writes with words between the arguments:
/// EXTRACT (field FROM x), SUBSTRING (x FROM a FOR b), POSITION (x IN y), TRIM (BOTH x FROM y)
/// and OVERLAY (x PLACING y FROM a FOR b).
/// </summary>
internal sealed class CallBuilder(BuilderScope scope, ExpressionBuilder expressions)
{
    private readonly WindowBuilder _windows = new(scope, expressions);
    private readonly ObjectArgumentBuilder _objects = new(expressions);

    /// <summary>The builder of windows.</summary>
    public WindowBuilder Windows => _windows;

    /// <summary>A call with what follows it.</summary>
    public FunctionCallSyntax Build(
        NameSyntax name, NeuroSql.ArgumentsContext? context, NeuroSql.CallTailContext? tail)
    {
        if (context is null)
        {
            return new FunctionCallSyntax(name, [], false, false, null);
        }

        scope.Enter(1, context);
        FunctionCallSyntax call = BuildArguments(name, context);
        ExpressionSyntax? filter = expressions.BuildOptional(tail?.filter()?.expression());
        IReadOnlyList<OrderItemSyntax> order = BuildOrder(context, tail);
        WindowSyntax? over = _windows.BuildOver(tail);
        IReadOnlyList<SelectItemSyntax> inputs = context.inputs() is { } items
            ? expressions.Queries.BuildItems(items.selectItem())
            : [];
        RecommendationSyntax? recommendation = context.recommendation() is { } wanted
            ? BuildRecommendation(name, wanted)
            : null;
        scope.Leave(1);
        return call with
        {
            Recommendation = recommendation,
            Filter = filter,
            OrderBy = order,
            Inputs = inputs,
            IsWithinGroup = tail?.WITHIN() is not null,
            IgnoresNulls = tail?.IGNORE() is not null,
            Over = over,
        };
    }

    private RecommendationSyntax BuildRecommendation(
        NameSyntax name, NeuroSql.RecommendationContext context)
    {
        if (!IsRecommend(name.Last))
        {
            throw SyntaxErrors.Expected((SqlToken)context.Start, "')'");
        }

        if (context.EXCLUDE() is not null)
        {
            var word = (SqlToken)context.name().Start;
            if (!ModelBuilder.Is(word, "SEEN"))
            {
                throw SyntaxErrors.Expected(word, "SEEN");
            }
        }

        NeuroSql.ExpressionContext[] parts = context.expression();
        bool hasCondition = context.WHERE() is not null;
        bool hasLimit = context.LIMIT() is not null;
        return new RecommendationSyntax(
            context.EXCLUDE() is not null,
            hasCondition ? expressions.Build(parts[0]) : null,
            hasLimit ? expressions.Build(parts[^1]) : null)
        {
            Position = BuilderScope.PositionOf(context),
        };
    }

    private static bool IsRecommend(string name) =>
        string.Equals(name, "RECOMMEND", StringComparison.OrdinalIgnoreCase);

    private FunctionCallSyntax BuildArguments(NameSyntax name, NeuroSql.ArgumentsContext context)
    {
        if (context.plainQuery() is { } query)
        {
            return new FunctionCallSyntax(name, [], false, false, null)
            {
                Query = expressions.Queries.Build(query),
            };
        }

        string word = name.Parts.Count == 1 ? name.Last.ToUpperInvariant() : string.Empty;
        if (context.BOTH() is not null || context.LEADING() is not null
            || context.TRAILING() is not null)
        {
            return BuildTrim(name, word, context);
        }

        if (word == "POSITION" && context.argument() is [var only]
            && only.expression() is [var searched]
            && searched.children.Any(item => BuilderScope.TypeOf(item) == NeuroSql.IN))
        {
            return BuildPosition(name, searched);
        }

        return BuildSeparated(name, word, context);
    }

    private FunctionCallSyntax BuildSeparated(
        NameSyntax name, string word, NeuroSql.ArgumentsContext context)
    {
        NeuroSql.ArgumentContext[] contexts = context.argument();
        List<FunctionArgumentSyntax> arguments = new(contexts.Length);
        foreach (NeuroSql.ArgumentContext argument in contexts)
        {
            arguments.Add(BuildArgument(argument));
        }

        int[] separators = [.. context.children
            .Select(BuilderScope.TypeOf)
            .Where(type => type is NeuroSql.COMMA or NeuroSql.FROM or NeuroSql.FOR
                or NeuroSql.PLACING)];
        if (separators.Any(type => type != NeuroSql.COMMA))
        {
            Rearrange(word, separators, arguments, context);
        }

        return new FunctionCallSyntax(
            name,
            arguments,
            context.STAR() is not null,
            context.DISTINCT() is not null,
            null);
    }

    private static void Rearrange(
        string word,
        int[] separators,
        List<FunctionArgumentSyntax> arguments,
        NeuroSql.ArgumentsContext context)
    {
        switch (word, separators)
        {
            case ("EXTRACT", [NeuroSql.FROM]):
                arguments[0] = FieldOf(arguments[0]);
                return;
            case ("SUBSTRING" or "SUBSTR", [NeuroSql.FROM] or [NeuroSql.FROM, NeuroSql.FOR]):
            case ("OVERLAY", [NeuroSql.PLACING, NeuroSql.FROM]
                or [NeuroSql.PLACING, NeuroSql.FROM, NeuroSql.FOR]):
                return;
            case ("SUBSTRING" or "SUBSTR", [NeuroSql.FOR]):
                arguments.Insert(1, Literal(LiteralKind.Integer, "1", arguments[1].Position));
                return;
            case ("SUBSTRING" or "SUBSTR", [NeuroSql.FOR, NeuroSql.FROM]):
                (arguments[1], arguments[2]) = (arguments[2], arguments[1]);
                return;
            case ("RECOMMEND", [NeuroSql.FOR]):
                return;
            case ("TRIM" or "BTRIM", [NeuroSql.FROM]):
                arguments.Reverse();
                return;
        }

        throw SyntaxErrors.At(
            BuilderScope.PositionOf(context),
            "FROM, FOR and PLACING stand between the arguments of EXTRACT, SUBSTRING, TRIM and "
            + "OVERLAY only; separate these by commas");
    }

    private FunctionCallSyntax BuildTrim(
        NameSyntax name, string word, NeuroSql.ArgumentsContext context)
    {
        NeuroSql.ExpressionContext[] parts = context.expression();
        if (word != "TRIM" || parts.Length == 0)
        {
            throw SyntaxErrors.At(
                BuilderScope.PositionOf(context),
                "BOTH, LEADING and TRAILING begin the arguments of TRIM only, as in "
                + "TRIM(BOTH 'x' FROM text)");
        }

        string function = context.LEADING() is not null ? "ltrim"
            : context.TRAILING() is not null ? "rtrim"
            : "btrim";
        IEnumerable<FunctionArgumentSyntax> arguments = parts.Reverse().Select(part =>
            new FunctionArgumentSyntax(null, expressions.Build(part))
            {
                Position = BuilderScope.PositionOf(part),
            });
        NameSyntax renamed = new([name.Parts[0] with { Name = function }])
        {
            Position = name.Position,
        };
        return new FunctionCallSyntax(renamed, [.. arguments], false, false, null);
    }

    // The argument reads as a test with IN: what stands before it is looked for in what follows.
    private FunctionCallSyntax BuildPosition(
        NameSyntax name, NeuroSql.ExpressionContext searched)
    {
        List<IParseTree> items = [.. searched.children];
        int at = items.FindIndex(item => BuilderScope.TypeOf(item) == NeuroSql.IN);
        if (at == 0 || at + 1 >= items.Count)
        {
            throw SyntaxErrors.At(
                BuilderScope.PositionOf(searched), "POSITION takes (part IN text)");
        }

        ExpressionSyntax part = expressions.BuildItems(searched, items[..at]);
        ExpressionSyntax text = expressions.BuildItems(searched, items[(at + 1)..]);
        return new FunctionCallSyntax(
            name,
            [
                new FunctionArgumentSyntax(null, part) { Position = part.Position },
                new FunctionArgumentSyntax(null, text) { Position = text.Position },
            ],
            false,
            false,
            null);
    }

    private IReadOnlyList<OrderItemSyntax> BuildOrder(
        NeuroSql.ArgumentsContext context, NeuroSql.CallTailContext? tail)
    {
        NeuroSql.OrderByContext? inside = context.orderBy();
        NeuroSql.OrderByContext? behind = tail?.orderBy();
        if (inside is not null && behind is not null)
        {
            throw SyntaxErrors.At(
                BuilderScope.PositionOf(behind), "an aggregate takes one ORDER BY");
        }

        return (inside ?? behind) is { } order ? expressions.Queries.Orders.BuildOrder(order) : [];
    }

    private FunctionArgumentSyntax BuildArgument(NeuroSql.ArgumentContext argument)
    {
        NeuroSql.ExpressionContext[] parts = argument.expression();
        if (argument.objectName() is { } named)
        {
            return new FunctionArgumentSyntax(null, _objects.Build(argument, named))
            {
                Position = BuilderScope.PositionOf(argument),
            };
        }

        if (argument.LAMBDA() is not null)
        {
            SourcePosition position = BuilderScope.PositionOf(argument);
            return new FunctionArgumentSyntax(
                null,
                new LambdaExpressionSyntax(
                    BuilderScope.Names(argument.name()), expressions.Build(parts[0]))
                {
                    Position = position,
                })
            {
                Position = position,
            };
        }

        IdentifierSyntax? label = parts.Length == 2 ? ArgumentName(parts[0]) : null;
        return new FunctionArgumentSyntax(label, expressions.Build(parts[^1]))
        {
            Position = BuilderScope.PositionOf(argument),
        };
    }

    private IdentifierSyntax ArgumentName(NeuroSql.ExpressionContext context) =>
        expressions.Build(context) is ColumnReferenceSyntax { Name.Parts: [var name] }
            && context.Start == context.Stop
            ? name
            : throw SyntaxErrors.At(
                BuilderScope.PositionOf(context), "the name of an argument is a single name");

    private static FunctionArgumentSyntax FieldOf(FunctionArgumentSyntax argument) =>
        argument.Value is ColumnReferenceSyntax { Name.Parts: [var field] }
            ? Literal(LiteralKind.Text, field.Name, argument.Position)
            : argument;

    private static FunctionArgumentSyntax Literal(
        LiteralKind kind, string text, SourcePosition position) =>
        new(null, new LiteralExpressionSyntax(kind, text) { Position = position })
        {
            Position = position,
        };
}
