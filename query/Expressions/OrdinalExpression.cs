namespace NeuroDb.Query;

/// <summary>A column of the batch at hand, by its ordinal.</summary>
internal sealed class OrdinalExpression(int ordinal, string name, DataType type)
    : Expression(type)
{
    /// <summary>The ordinal in the batch.</summary>
    public int Ordinal { get; } = ordinal;

    /// <inheritdoc/>
    public override ColumnBuffer Evaluate(RowBatch batch, ExecutionContext context) =>
        batch.Columns[Ordinal];

    /// <inheritdoc/>
    public override string ToString() => name;
}
