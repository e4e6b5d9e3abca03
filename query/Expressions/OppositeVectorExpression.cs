namespace NeuroDb.Query;

/// <summary>A VECTOR that points the other way: each element has the other sign.</summary>
internal sealed class OppositeVectorExpression(Expression operand)
    : RowExpression(operand.Type, operand)
{
    /// <summary>The opposite of a vector; of one that is known it is known too.</summary>
    public static Expression Of(Expression operand) =>
        operand is ConstantExpression { Value.IsNull: false } constant
            ? new ConstantExpression(Opposite(constant.Value), constant.Type)
            : new OppositeVectorExpression(operand);

    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new OppositeVectorExpression(children[0]);

    /// <inheritdoc/>
    public override string ToString() => $"-{Children[0]}";

    /// <inheritdoc/>
    protected override ColumnBuffer EvaluateRows(RowBatch batch, ExecutionContext context)
    {
        ColumnBuffer vectors = Operand(Children[0], batch, context);
        ColumnBuilder result = ColumnBuilder.Create(Type, batch.Count);
        for (int row = 0; row < batch.Count; row++)
        {
            Value vector = vectors.GetValue(Math.Min(row, vectors.Count - 1));
            result.Append(vector.IsNull ? vector : Opposite(vector));
        }

        return result.Build();
    }

    private static Value Opposite(Value vector)
    {
        float[] opposite =
            Array.ConvertAll(vector.AsVector().ToArray(), static number => -number);
        return Value.Of(new ReadOnlyMemory<float>(opposite));
    }
}
