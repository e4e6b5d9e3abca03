namespace NeuroDb.Query;

/// <summary>
/// TRY_CAST: a conversion that gives NULL for what cannot be converted. A batch is converted as a
/// whole; only if that fails is each of its rows tried by itself. Errors of the operand remain.
/// </summary>
internal sealed class TryCastExpression : RowExpression
{
    private readonly Expression _conversion;

    /// <summary>Makes the expression.</summary>
    /// <param name="operand">What is converted.</param>
    /// <param name="type">The type it is converted to.</param>
    /// <param name="position">The place in the statement.</param>
    public TryCastExpression(Expression operand, DataType type, SourcePosition position)
        : this(
            operand,
            ExpressionFactory.Cast(new OrdinalExpression(0, "value", operand.Type), type, position))
    {
    }

    private TryCastExpression(Expression operand, Expression conversion)
        : base(conversion.Type, operand) => _conversion = conversion;

    /// <inheritdoc/>
    public override bool IsDeterministic => !ZonedConverter.IsZoned(Children[0].Type, Type);

    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new TryCastExpression(children[0], _conversion);

    /// <inheritdoc/>
    public override string ToString() => $"TRY_CAST({Children[0]} AS {Type})";

    /// <inheritdoc/>
    protected override bool FindRowIndependence() => Children[0].IsRowIndependent;

    /// <inheritdoc/>
    protected override ColumnBuffer EvaluateRows(RowBatch batch, ExecutionContext context)
    {
        ColumnBuffer source = Children[0].Evaluate(batch, context);
        try
        {
            return Convert(source, context);
        }
        catch (NeuroStoreException error) when (IsOfValue(error))
        {
            return ConvertEach(source, context);
        }
    }

    private static bool IsOfValue(NeuroStoreException error) => error.Code
        is ErrorCode.InvalidText or ErrorCode.NumericOutOfRange or ErrorCode.InvalidConversion;

    private ColumnBuffer Convert(ColumnBuffer source, ExecutionContext context) =>
        _conversion.Evaluate(new RowBatch([source], source.Count), context);

    private ColumnBuffer ConvertEach(ColumnBuffer source, ExecutionContext context)
    {
        ColumnBuilder result = ColumnBuilder.Create(Type, source.Count);
        for (int row = 0; row < source.Count; row++)
        {
            try
            {
                result.Append(Convert(source.Gather([row]), context).GetValue(0));
            }
            catch (NeuroStoreException error) when (IsOfValue(error))
            {
                result.AppendNull();
            }
        }

        return result.Build();
    }
}
