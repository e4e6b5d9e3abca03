namespace NeuroDb.Query;

/// <summary>Whether two bound expressions always give the same value for the same row.</summary>
internal static class ExpressionEquality
{
    /// <summary>
    /// Compares the trees: same operations over the same columns, constants and parameters. False
    /// where it is not certain; expressions that are not deterministic equal only themselves.
    /// </summary>
    public static bool AreEqual(Expression left, Expression right) =>
        ReferenceEquals(left, right)
        || (left.Type == right.Type
            && SameShape(left, right)
            && string.Equals(left.ToString(), right.ToString(), StringComparison.Ordinal));

    private static bool SameShape(Expression left, Expression right)
    {
        if (ReferenceEquals(left, right))
        {
            return true;
        }

        if (left.GetType() != right.GetType() || left.Type != right.Type)
        {
            return false;
        }

        return (left, right) switch
        {
            (ColumnExpression a, ColumnExpression b) => a.Id == b.Id,
            (OrdinalExpression a, OrdinalExpression b) => a.Ordinal == b.Ordinal,
            (ParameterExpression a, ParameterExpression b) => a.Ordinal == b.Ordinal,
            (OuterExpression a, OuterExpression b) => a.Slot == b.Slot,
            (ConstantExpression a, ConstantExpression b) => SameValue(a, b),
            (SubqueryExpression, _) => false,
            _ => left.IsDeterministic && right.IsDeterministic && SameChildren(left, right),
        };
    }

    private static bool SameValue(ConstantExpression left, ConstantExpression right)
    {
        if (left.Value.IsNull || right.Value.IsNull)
        {
            return left.Value.IsNull && right.Value.IsNull;
        }

        return left.Type.Physical switch
        {
            PhysicalKind.Int64 => left.Value.AsInt64() == right.Value.AsInt64(),
            PhysicalKind.Double => left.Value.AsDouble().Equals(right.Value.AsDouble()),
            PhysicalKind.Decimal => left.ToString() == right.ToString(),
            PhysicalKind.Text => left.Value.AsText() == right.Value.AsText(),
            PhysicalKind.Uuid => left.Value.AsUuid() == right.Value.AsUuid(),
            PhysicalKind.Interval => left.ToString() == right.ToString(),
            PhysicalKind.Blob => left.Value.AsBlob().AsSpan().SequenceEqual(right.Value.AsBlob()),
            PhysicalKind.CompactVector => SameVector(
                left.Value.AsCompactVector(), right.Value.AsCompactVector()),
            _ => left.Value.AsVector().Span.SequenceEqual(right.Value.AsVector().Span),
        };
    }

    private static bool SameVector(CompactVector left, CompactVector right) =>
        left.Dimension == right.Dimension
        && left.Bytes.Span.SequenceEqual(right.Bytes.Span);

    private static bool SameChildren(Expression left, Expression right)
    {
        IReadOnlyList<Expression> leftChildren = left.Children;
        IReadOnlyList<Expression> rightChildren = right.Children;
        if (leftChildren.Count != rightChildren.Count)
        {
            return false;
        }

        for (int i = 0; i < leftChildren.Count; i++)
        {
            if (!SameShape(leftChildren[i], rightChildren[i]))
            {
                return false;
            }
        }

        return leftChildren.Count > 0 || left.GetType() == right.GetType();
    }
}
