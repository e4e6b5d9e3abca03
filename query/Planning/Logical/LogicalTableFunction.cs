namespace NeuroDb.Query;

/// <summary>The rows of a table function; its arguments read no columns.</summary>
internal sealed class LogicalTableFunction(
    TableFunction function,
    IReadOnlyList<Expression> arguments,
    IReadOnlyList<OutputColumn> output)
    : LogicalNode
{
    /// <summary>The function.</summary>
    public TableFunction Function { get; } = function;

    /// <summary>The arguments.</summary>
    public IReadOnlyList<Expression> Arguments { get; } = arguments;

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output { get; } = output;

    /// <inheritdoc/>
    public override LogicalNode MapExpressions(Func<Expression, Expression> map) =>
        new LogicalTableFunction(Function, [.. Arguments.Select(map)], Output);
}
