using NeuroDb.Query;
using ExecutionContext = NeuroDb.Query.ExecutionContext;

namespace NeuroDb.Tests.Unit;

/// <summary>Helpers to build and evaluate expressions over small batches.</summary>
internal static class Evaluation
{
    /// <summary>An execution with parameters and a fixed clock, without a transaction.</summary>
    public static ExecutionContext Context(params Value[] parameters) => new()
    {
        Transaction = null!,
        Accelerator = null!,
        Workers = new SystemWorkers(1),
        Clock = new FixedClock(),
        Notices = new NoticeList(),
        Parameters = parameters,
    };

    /// <summary>A literal of the type of the object; null is NULL.</summary>
    public static Expression Of(object? value) => value switch
    {
        null => ExpressionFactory.NullLiteral(),
        bool flag => ExpressionFactory.Literal(Value.Of(flag)),
        int number => ExpressionFactory.Literal(Value.Of(number)),
        long number => ExpressionFactory.Literal(Value.Of(number)),
        double number => ExpressionFactory.Literal(Value.Of(number)),
        decimal number => ExpressionFactory.Literal(Value.Of(number)),
        string text => ExpressionFactory.Literal(Value.Of(text)),
        byte[] bytes => ExpressionFactory.Literal(Value.Of(bytes)),
        float[] vector => ExpressionFactory.Literal(Value.Of(vector)),
        Expression expression => expression,
        _ => throw new ArgumentException($"{value.GetType()} is no literal"),
    };

    /// <summary>The value of an expression without columns, as text; null for NULL.</summary>
    public static string? Text(Expression expression, params Value[] parameters)
    {
        ColumnBuffer result = expression.Evaluate(new RowBatch([], 1), Context(parameters));
        return result.IsNull(0) ? null : ValueText.Format(result, 0);
    }

    /// <summary>The value of a function call on literals, as text; null for NULL.</summary>
    public static string? Call(string name, params object?[] arguments) =>
        Text(ExpressionFactory.Call(name, [.. arguments.Select(Of)]));

    /// <summary>The value of an operator on literals, as text; null for NULL.</summary>
    public static string? Binary(object? left, BinaryOperator operation, object? right) =>
        Text(ExpressionFactory.Binary(operation, Of(left), Of(right)));

    /// <summary>The code of the error that an action raises.</summary>
    public static ErrorCode Error(Action action) =>
        Assert.Throws<NeuroStoreException>(action).Code;

    /// <summary>A column of values of a type; null is NULL.</summary>
    public static ColumnBuffer Column(DataType type, params object?[] values)
    {
        ColumnBuilder builder = ColumnBuilder.Create(type, values.Length);
        foreach (object? value in values)
        {
            Expression literal = ExpressionFactory.Assign(Of(value), type);
            builder.Append(((ConstantExpression)literal.AsConstant()).Value);
        }

        return builder.Build();
    }

    /// <summary>All values of a column as text.</summary>
    public static IReadOnlyList<string?> Texts(ColumnBuffer column)
    {
        var texts = new string?[column.Count];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = column.IsNull(i) ? null : ValueText.Format(column, i);
        }

        return texts;
    }

    private static Expression AsConstant(this Expression expression) =>
        ExpressionFactory.FoldConstants(expression);

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 20, 12, 30, 0, TimeSpan.Zero);
    }
}
