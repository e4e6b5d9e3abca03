using System.Globalization;

namespace NeuroDb.Query;

/// <summary>A value known when the statement is bound.</summary>
internal sealed class ConstantExpression(
    Value value, DataType type, SourcePosition position = default) : Expression(type)
{
    /// <summary>Where the literal stands, for errors of its conversion.</summary>
    public SourcePosition Position { get; } = position;

    /// <summary>The value; its physical kind is that of the type, or it is NULL.</summary>
    public Value Value { get; } = value;

    /// <inheritdoc/>
    public override ColumnBuffer Evaluate(RowBatch batch, ExecutionContext context) =>
        ColumnBuffer.Constant(Type, Value, batch.Count);

    /// <inheritdoc/>
    protected override bool FindRowIndependence() => true;

    /// <inheritdoc/>
    public override string ToString() => Type.Physical switch
    {
        _ when Value.IsNull => "NULL",
        PhysicalKind.Int64 when Type.Kind == TypeKind.Boolean =>
            Value.AsBoolean() ? "TRUE" : "FALSE",
        PhysicalKind.Int64 => Value.AsInt64().ToString(CultureInfo.InvariantCulture),
        PhysicalKind.Double => Value.AsDouble().ToString("R", CultureInfo.InvariantCulture),
        PhysicalKind.Decimal => Value.AsDecimal().ToString(CultureInfo.InvariantCulture),
        PhysicalKind.Interval => $"INTERVAL '{Value.AsInterval()}'",
        PhysicalKind.Text => $"'{ValueText.Format(Value)}'",
        _ => Type.ToString(),
    };
}
