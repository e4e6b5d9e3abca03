using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// Makes equal parts of the arithmetic of several expressions one object, so that they are
/// computed once for a batch. Over ordinals of one input; made for one operator.
/// </summary>
internal sealed class SharedArithmetic
{
    private readonly Dictionary<string, Expression> _known = [];

    /// <summary>The same expression, of parts that were seen before where they are equal.</summary>
    public Expression Share(Expression expression)
    {
        if (!ScaledDecimals.IsArithmetic(expression))
        {
            return expression;
        }

        if (expression.Children.Count > 0)
        {
            Expression[] children = [.. expression.Children.Select(Share)];
            expression = children.SequenceEqual(expression.Children)
                ? expression
                : expression.WithChildren(children);
        }

        string name = NameOf(expression);
        if (!_known.TryGetValue(name, out Expression? known))
        {
            known = expression;
            _known.Add(name, known);
        }

        return known;
    }

    private static string NameOf(Expression expression) => expression switch
    {
        OrdinalExpression column => string.Create(
            CultureInfo.InvariantCulture, $"{column.Ordinal}:{column.Type}"),
        ConstantExpression constant => $"'{TextOf(constant)}':{constant.Type}",
        ArithmeticExpression arithmetic =>
            $"({NameOf(arithmetic.Children[0])}{OperatorText.Of(arithmetic.Operator)}"
            + $"{NameOf(arithmetic.Children[1])}):{arithmetic.Type}",
        _ => $"cast({NameOf(expression.Children[0])}):{expression.Type}",
    };

    // With all digits behind the point, which are those of the result.
    private static string TextOf(ConstantExpression constant)
    {
        if (constant.Value.IsNull)
        {
            return "NULL";
        }

        return constant.Type.Physical == PhysicalKind.Decimal
            ? constant.Value.AsDecimal().ToString(CultureInfo.InvariantCulture)
            : constant.Value.AsInt64().ToString(CultureInfo.InvariantCulture);
    }
}
