namespace NeuroDb.Query;

/// <summary>
/// x = ANY (array) and the like: whether a comparison holds for an element, or for all of them. As
/// with subqueries, NULL among the elements leaves open what the others do not decide.
/// </summary>
internal sealed class AnyElementExpression(
    BinaryOperator operation, Expression operand, Expression array, bool isAll)
    : RowExpression(DataType.Boolean, operand, array)
{
    /// <summary>Binds the comparison; of an array that is known, = ANY and &lt;&gt; ALL are IN.
    /// </summary>
    public static Expression Make(
        BinaryOperator operation,
        Expression operand,
        Expression array,
        bool isAll,
        SourcePosition position)
    {
        if (Coercion.IsFlexible(array) && array.Type.Kind != TypeKind.Array)
        {
            DataType own = Coercion.IsFlexible(operand) ? DataType.Text : operand.Type;
            ArrayFunctions.CheckElement(own, position);
            array = Coercion.To(array, DataType.ArrayOf(own), position);
        }

        if (array.Type.Kind != TypeKind.Array)
        {
            throw new NeuroStoreException(
                ErrorCode.TypeMismatch,
                $"ANY and ALL take an array or a query; {array} is {array.Type}.",
                position);
        }

        bool isList = operation == (isAll ? BinaryOperator.NotEqual : BinaryOperator.Equal);
        if (isList
            && ConstantFolder.Fold(array) is ConstantExpression { Value.IsNull: false } known)
        {
            DataType type = array.Type.ElementType;
            return OperatorFactory.InList(
                operand,
                [.. ArrayCodec.Decode(known.Value.AsBlob()).Select(item =>
                    new ConstantExpression(item, type, position))],
                isAll,
                position);
        }

        DataType element = array.Type.ElementType;
        if (!Coercion.IsFlexible(operand))
        {
            element = Coercion.TryCommon(element, operand.Type, out DataType common)
                ? common
                : throw Coercion.Mismatch(
                    OperatorText.Of(operation), operand.Type, array.Type, position);
        }

        return new AnyElementExpression(
            operation,
            Coercion.To(operand, element, position),
            Coercion.To(array, DataType.ArrayOf(element), position),
            isAll);
    }

    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new AnyElementExpression(operation, children[0], children[1], isAll);

    /// <inheritdoc/>
    public override string ToString() =>
        $"({Children[0]} {OperatorText.Of(operation)} {(isAll ? "ALL" : "ANY")} ({Children[1]}))";

    /// <inheritdoc/>
    protected override ColumnBuffer EvaluateRows(RowBatch batch, ExecutionContext context)
    {
        ColumnBuffer left = Operand(Children[0], batch, context);
        ColumnBuffer right = Operand(Children[1], batch, context);
        var builder = new ColumnBuilder<long>(DataType.Boolean, batch.Count);
        List<Value>? elements = null;
        for (int row = 0; row < batch.Count; row++)
        {
            int place = right.Count == 1 ? 0 : row;
            if (right.IsNull(place))
            {
                builder.AppendNull();
                continue;
            }

            if (elements is null || right.Count > 1)
            {
                elements = ArrayCodec.Decode(right.GetValue(place).AsBlob());
            }

            bool? truth = Decide(left.GetValue(left.Count == 1 ? 0 : row), elements);
            builder.Append(truth is null ? Value.Null : Value.Of(truth.Value));
        }

        return builder.Build();
    }

    private bool? Decide(Value value, List<Value> elements)
    {
        bool isOpen = false;
        foreach (Value element in elements)
        {
            if (value.IsNull || element.IsNull)
            {
                isOpen = true;
                continue;
            }

            int order = ArrayElementOrder.Instance.Compare(value, element);
            if (ComparisonLoops.Holds(operation, order) != isAll)
            {
                return !isAll;
            }
        }

        return isOpen ? null : isAll;
    }
}
