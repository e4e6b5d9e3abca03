using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// A parameter of the statement. A plan is bound for the types of the values given, so the type is
/// known; the value is read at execution.
/// </summary>
internal sealed class ParameterExpression(int ordinal, DataType type) : Expression(type)
{
    /// <summary>The ordinal in <see cref="ExecutionContext.Parameters"/>, from 0.</summary>
    public int Ordinal { get; } = ordinal;

    /// <inheritdoc/>
    public override ColumnBuffer Evaluate(RowBatch batch, ExecutionContext context) =>
        ColumnBuffer.Constant(Type, context.Parameters[Ordinal], batch.Count);

    /// <inheritdoc/>
    protected override bool FindRowIndependence() => true;

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"${Ordinal + 1}");
}
