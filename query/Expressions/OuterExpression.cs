namespace NeuroDb.Query;

/// <summary>
/// A value of the row of the enclosing query that a correlated subquery is being run for.
/// </summary>
internal sealed class OuterExpression(int slot, string name, DataType type) : Expression(type)
{
    /// <summary>The slot in <see cref="ExecutionContext.OuterValues"/>.</summary>
    public int Slot { get; } = slot;

    /// <inheritdoc/>
    public override ColumnBuffer Evaluate(RowBatch batch, ExecutionContext context) =>
        ColumnBuffer.Constant(Type, context.OuterValues[Slot], batch.Count);

    /// <inheritdoc/>
    protected override bool FindRowIndependence() => true;

    /// <inheritdoc/>
    public override string ToString() => name;
}
