namespace NeuroDb.Query;

/// <summary>
/// Binds frames. For a distance of RANGE it makes the expressions that give, for each row, the
/// values of the key at which its frame begins and ends, so that every type with + and - works.
/// </summary>
internal sealed class WindowFrameBinder(ExpressionBinder expressions)
{
    /// <summary>The frame that was written, or the default one.</summary>
    public WindowFrame Bind(FrameSyntax? frame, IReadOnlyList<SortKey> order)
    {
        if (frame is null)
        {
            return new WindowFrame(
                FrameUnit.Range,
                new WindowBound(FrameBoundKind.Start, null, null),
                new WindowBound(
                    order.Count == 0 ? FrameBoundKind.End : FrameBoundKind.Current, null, null),
                FrameExclusion.None,
                null,
                false,
                true);
        }

        if (frame.Unit == FrameUnit.Groups && order.Count == 0)
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                "GROUPS counts rows of equal order, so the window needs ORDER BY.",
                frame.Position);
        }

        bool counts = frame.Start.Offset is not null || frame.End.Offset is not null;
        return frame.Unit == FrameUnit.Range && counts
            ? BindRange(frame, order)
            : new WindowFrame(
                frame.Unit,
                BindCount(frame.Start),
                BindCount(frame.End),
                frame.Exclusion,
                null,
                false,
                false);
    }

    private WindowBound BindCount(FrameBoundSyntax bound)
    {
        if (bound.Offset is null)
        {
            return new WindowBound(bound.Kind, null, null);
        }

        Expression offset = BindOffset(bound.Offset);
        return new WindowBound(
            bound.Kind, OperatorFactory.Whole(offset, bound.Position), null);
    }

    private Expression BindOffset(ExpressionSyntax syntax)
    {
        Expression offset = expressions.Bind(syntax);
        return offset.IsRowIndependent
            ? offset
            : throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                $"The offset {offset} of a frame must be the same for all rows.",
                syntax.Position);
    }

    private WindowFrame BindRange(FrameSyntax frame, IReadOnlyList<SortKey> order)
    {
        if (order is not [var key])
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                "RANGE with a distance needs ORDER BY with exactly one item; ROWS and GROUPS "
                + "take any order.",
                frame.Position);
        }

        WindowBound start = BindTarget(frame.Start, key);
        WindowBound end = BindTarget(frame.End, key);
        DataType type = key.Expression.Type;
        foreach (Expression target in new[] { start.Target, end.Target }.OfType<Expression>())
        {
            type = ExpressionFactory.CommonType(type, target.Type, frame.Position);
        }

        return new WindowFrame(
            FrameUnit.Range,
            Convert(start, type, frame.Position),
            Convert(end, type, frame.Position),
            frame.Exclusion,
            ExpressionFactory.Convert(key.Expression, type, frame.Position),
            key.IsDescending,
            false);
    }

    private static WindowBound Convert(
        WindowBound bound, DataType type, SourcePosition position) => bound.Target is null
            ? bound
            : bound with { Target = ExpressionFactory.Convert(bound.Target, type, position) };

    private WindowBound BindTarget(FrameBoundSyntax bound, SortKey key)
    {
        if (bound.Offset is null)
        {
            return new WindowBound(bound.Kind, null, null);
        }

        bool isBefore = bound.Kind == FrameBoundKind.Preceding;
        Expression offset = BindOffset(bound.Offset);
        Expression target = ExpressionFactory.Binary(
            isBefore != key.IsDescending ? BinaryOperator.Subtract : BinaryOperator.Add,
            key.Expression,
            offset,
            bound.Position);
        return new WindowBound(bound.Kind, offset, target);
    }
}
