using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Builds windows: what stands behind OVER and in WINDOW.</summary>
internal sealed class WindowBuilder(BuilderScope scope, ExpressionBuilder expressions)
{
    /// <summary>The window of OVER, or null without one.</summary>
    public WindowSyntax? BuildOver(NeuroSql.CallTailContext? context)
    {
        if (context?.OVER() is null)
        {
            return null;
        }

        return context.name() is { } name
            ? new WindowSyntax(BuilderScope.Identifier(name), true, [], [], null)
            {
                Position = BuilderScope.PositionOf(name),
            }
            : Build(context.windowSpecification());
    }

    /// <summary>The items of WINDOW.</summary>
    public IReadOnlyList<(IdentifierSyntax Name, WindowSyntax Window)> BuildAll(
        NeuroSql.NamedWindowContext[] contexts)
    {
        List<(IdentifierSyntax, WindowSyntax)> windows = new(contexts.Length);
        foreach (NeuroSql.NamedWindowContext context in contexts)
        {
            windows.Add((
                BuilderScope.Identifier(context.name()), Build(context.windowSpecification())));
        }

        return windows;
    }

    private WindowSyntax Build(NeuroSql.WindowSpecificationContext context)
    {
        scope.Enter(1, context);
        IdentifierSyntax? name = context.IDENTIFIER() is { } identifier
            ? BuilderScope.Identifier(BuilderScope.TokenOf(identifier))
            : null;
        var window = new WindowSyntax(
            name,
            false,
            expressions.BuildAll(context.expression()),
            context.orderBy() is { } order ? expressions.Queries.Orders.BuildOrder(order) : [],
            context.frame() is { } frame ? BuildFrame(frame) : null)
        {
            Position = BuilderScope.PositionOf(context),
        };
        scope.Leave(1);
        return window;
    }

    private FrameSyntax BuildFrame(NeuroSql.FrameContext context)
    {
        FrameUnit unit = context.ROWS() is not null ? FrameUnit.Rows
            : context.RANGE() is not null ? FrameUnit.Range
            : FrameUnit.Groups;
        NeuroSql.FrameBoundContext[] bounds = context.frameBound();
        FrameBoundSyntax start = BuildBound(bounds[0]);
        FrameBoundSyntax end = bounds.Length == 2
            ? BuildBound(bounds[1])
            : new FrameBoundSyntax(FrameBoundKind.Current, null) { Position = start.Position };
        if (start.Kind == FrameBoundKind.End || end.Kind == FrameBoundKind.Start
            || start.Kind > end.Kind)
        {
            throw SyntaxErrors.At(
                BuilderScope.PositionOf(context), "the frame ends before it begins");
        }

        return new FrameSyntax(unit, start, end, BuildExclusion(context))
        {
            Position = BuilderScope.PositionOf(context),
        };
    }

    private FrameBoundSyntax BuildBound(NeuroSql.FrameBoundContext context)
    {
        NeuroSql.SimpleExpressionContext offset = context.simpleExpression();
        string word = offset.Start == offset.Stop ? WordOf(offset.Start) : "";
        bool isBefore = context.PRECEDING() is not null;
        FrameBoundKind? kind = (word, context.ROW() is not null) switch
        {
            ("CURRENT", true) => FrameBoundKind.Current,
            (_, true) => null,
            ("UNBOUNDED", _) => isBefore ? FrameBoundKind.Start : FrameBoundKind.End,
            _ => isBefore ? FrameBoundKind.Preceding : FrameBoundKind.Following,
        };
        if (kind is null)
        {
            throw SyntaxErrors.Expected(
                (SqlToken)offset.Start, "CURRENT ROW, UNBOUNDED or an offset");
        }

        bool counts = kind is FrameBoundKind.Preceding or FrameBoundKind.Following;
        return new FrameBoundSyntax(kind.Value, counts ? expressions.Build(offset) : null)
        {
            Position = BuilderScope.PositionOf(context),
        };
    }

    private static FrameExclusion BuildExclusion(NeuroSql.FrameContext context)
    {
        if (context.EXCLUDE() is null)
        {
            return FrameExclusion.None;
        }

        string words = context.GROUP() is not null
            ? "GROUP"
            : string.Join(' ', context.name().Select(name => WordOf(name.Start)));
        return words switch
        {
            "GROUP" => FrameExclusion.Group,
            "NO OTHERS" => FrameExclusion.None,
            "CURRENT ROW" => FrameExclusion.Current,
            "TIES" => FrameExclusion.Ties,
            _ => throw SyntaxErrors.Expected(
                (SqlToken)context.name(0).Start, "CURRENT ROW, GROUP, TIES or NO OTHERS"),
        };
    }

    private static string WordOf(Antlr4.Runtime.IToken token) =>
        ((SqlToken)token) is { IsQuotedName: false } word
            ? word.Text.ToUpperInvariant()
            : string.Empty;
}
