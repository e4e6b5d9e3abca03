namespace NeuroDb.Query;

/// <summary>A conversion of each value to another type.</summary>
internal sealed class CastExpression(
    Expression operand, DataType target, CastKind kind, SourcePosition position)
    : RowExpression(target, operand)
{
    /// <summary>How strict the conversion is.</summary>
    public CastKind Kind { get; } = kind;

    /// <inheritdoc/>
    public override bool IsDeterministic =>
        !ZonedConverter.IsZoned(Children[0].Type, Type);

    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new CastExpression(children[0], Type, Kind, position);

    /// <inheritdoc/>
    public override string ToString() =>
        Kind == CastKind.Explicit ? $"CAST({Children[0]} AS {Type})" : Children[0].ToString();

    /// <inheritdoc/>
    protected override bool FindRowIndependence() => Children[0].IsRowIndependent;

    /// <inheritdoc/>
    protected override ColumnBuffer EvaluateRows(RowBatch batch, ExecutionContext context)
    {
        ColumnBuffer source = Children[0].Evaluate(batch, context);
        if (source.Type.Shape is not null)
        {
            // What was stored before ALTER TYPE has the labels of then.
            source = source.WithType(Children[0].Type);
        }

        return ZonedConverter.IsZoned(source.Type, Type)
            ? ZonedConverter.Convert(source, Type, Kind, position, context.TimeZone)
            : ColumnConverter.Convert(source, Type, Kind, position);
    }
}
