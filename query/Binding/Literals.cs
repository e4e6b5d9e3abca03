namespace NeuroDb.Query;

/// <summary>Binds constants as they are written.</summary>
internal static class Literals
{
    private const string LongMinDigits = "9223372036854775808";

    /// <summary>The constant that a literal stands for.</summary>
    public static Expression Bind(LiteralExpressionSyntax literal) => literal.Kind switch
    {
        LiteralKind.Null => ExpressionFactory.NullLiteral(literal.Position),
        LiteralKind.Boolean => ExpressionFactory.Literal(
            Value.Of(string.Equals(literal.Text, "true", StringComparison.OrdinalIgnoreCase)),
            literal.Position),
        LiteralKind.Text => ExpressionFactory.Literal(Value.Of(literal.Text), literal.Position),
        LiteralKind.Blob => ExpressionFactory.Literal(Value.Of(Bytes(literal)), literal.Position),
        LiteralKind.Bits => new ConstantExpression(
            Value.OfText(TypeKind.BitString, literal.Text),
            DataType.BitsOf(0, true),
            literal.Position),
        _ => ExpressionFactory.NumberLiteral(literal.Text, literal.Position),
    };

    /// <summary>
    /// The constant that a literal with a minus before it stands for. The least BIGINT has no
    /// positive counterpart, so it is a case of its own.
    /// </summary>
    public static Expression BindNegative(
        LiteralExpressionSyntax literal, SourcePosition position)
    {
        if (literal is { Kind: LiteralKind.Integer, Text: LongMinDigits })
        {
            return ExpressionFactory.Literal(Value.Of(long.MinValue), position);
        }

        Expression negative =
            ExpressionFactory.Unary(UnaryOperator.Negate, Bind(literal), position);
        return ExpressionFactory.FoldConstants(negative);
    }

    private static byte[] Bytes(LiteralExpressionSyntax literal)
    {
        if (literal.Text.Length % 2 == 0 && literal.Text.All(char.IsAsciiHexDigit))
        {
            return System.Convert.FromHexString(literal.Text);
        }

        throw new NeuroStoreException(
            ErrorCode.InvalidText,
            "A blob literal needs an even number of hexadecimal digits, as in X'0aff'.",
            literal.Position);
    }
}
