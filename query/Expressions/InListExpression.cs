namespace NeuroDb.Query;

/// <summary>
/// Whether the first child equals any of the others; NULL if none does but one is NULL. Items
/// that are the same for all rows are looked up in a set.
/// </summary>
internal sealed class InListExpression : RowExpression
{
    private readonly bool _itemsAreConstant;
    private readonly bool _itemsAreIndependent;
    private ValueSet? _constantItems;

    /// <summary>Makes the test; all children have the same physical kind.</summary>
    public InListExpression(IReadOnlyList<Expression> children)
        : base(DataType.Boolean, children)
    {
        Invariant.Check(children.Count > 1);
        _itemsAreConstant = children.Skip(1).All(item => item is ConstantExpression);
        _itemsAreIndependent = children.Skip(1).All(item => item.IsRowIndependent);
    }

    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new InListExpression(children);

    /// <inheritdoc/>
    public override string ToString() =>
        $"({Children[0]} IN ({string.Join(", ", Children.Skip(1))}))";

    /// <inheritdoc/>
    protected override ColumnBuffer EvaluateRows(RowBatch batch, ExecutionContext context)
    {
        ColumnBuffer operand = Children[0].Evaluate(batch, context);
        if (!_itemsAreIndependent)
        {
            return CompareEach(operand, batch, context);
        }

        ValueSet items = _itemsAreConstant
            ? _constantItems ??= CollectItems(batch, context)
            : CollectItems(batch, context);
        var result = new long[batch.Count];
        items.Contains(operand, result);
        byte[]? nulls = ColumnLoops.UnionNulls(batch.Count, operand);
        if (items.HasNull)
        {
            nulls ??= new byte[batch.Count];
            for (int i = 0; i < result.Length; i++)
            {
                nulls[i] |= (byte)(1 - result[i]);
            }
        }

        return new ColumnBuffer<long>(Type, result, 0, result.Length, new NullMask(nulls));
    }

    private ValueSet CollectItems(RowBatch batch, ExecutionContext context)
    {
        ValueSet items = ValueSet.Create(Children[0].Type);
        foreach (Expression item in Children.Skip(1))
        {
            items.Add(Operand(item, batch, context), 0);
        }

        return items;
    }

    private ColumnBuffer<long> CompareEach(
        ColumnBuffer operand, RowBatch batch, ExecutionContext context)
    {
        var result = new long[batch.Count];
        var test = new long[batch.Count];
        var nulls = new byte[batch.Count];
        foreach (Expression item in Children.Skip(1))
        {
            ColumnBuffer values = Operand(item, batch, context);
            ComparisonLoops.Compare(BinaryOperator.Equal, operand, values, test);
            byte[]? testNulls = ColumnLoops.UnionNulls(batch.Count, operand, values);
            for (int i = 0; i < result.Length; i++)
            {
                bool isNull = testNulls is not null && testNulls[i] != 0;
                nulls[i] |= isNull ? (byte)1 : (byte)0;
                result[i] |= isNull ? 0 : test[i];
            }
        }

        for (int i = 0; i < result.Length; i++)
        {
            nulls[i] &= (byte)(1 - result[i]);
        }

        return new ColumnBuffer<long>(Type, result, 0, result.Length, new NullMask(nulls));
    }
}
