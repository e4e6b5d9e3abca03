namespace NeuroDb.Query;

/// <summary>A call of a scalar function on converted arguments.</summary>
internal sealed class FunctionExpression(
    string name,
    DataType type,
    IReadOnlyList<Expression> arguments,
    FunctionBody body,
    FunctionVolatility volatility,
    SourcePosition position) : RowExpression(type, arguments)
{
    /// <summary>The name, in lower case.</summary>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public override bool IsDeterministic => volatility == FunctionVolatility.Immutable;

    /// <inheritdoc/>
    public override bool IsVolatile => volatility == FunctionVolatility.Volatile;

    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new FunctionExpression(Name, Type, children, body, volatility, position);

    /// <inheritdoc/>
    public override string ToString() => char.IsAsciiLetter(Name[0])
        ? $"{Name}({string.Join(", ", Children)})"
        : $"({string.Join($" {Name} ", Children)})";

    /// <inheritdoc/>
    protected override bool FindRowIndependence() =>
        volatility != FunctionVolatility.Volatile
        && Children.All(child => child.IsRowIndependent);

    /// <inheritdoc/>
    protected override ColumnBuffer EvaluateRows(RowBatch batch, ExecutionContext context)
    {
        var arguments = new ColumnBuffer[Children.Count];
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = Operand(Children[i], batch, context);
        }

        try
        {
            return body(arguments, new FunctionRun(Type, batch.Count, context));
        }
        catch (NeuroStoreException error) when (position.IsKnown && !error.Position.IsKnown
            && error.Code != ErrorCode.InvariantBroken)
        {
            throw new NeuroStoreException(error.Code, error.Message, position, error);
        }
    }
}
