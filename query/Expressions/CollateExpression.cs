namespace NeuroDb.Query;

/// <summary>
/// A text that compares by a collation. Its value is the text; where it is compared or sorted,
/// its key stands in its place: texts are equal if their keys are.
/// </summary>
internal sealed class CollateExpression(Expression operand, Collation collation)
    : RowExpression(operand.Type, operand)
{
    /// <summary>The collation.</summary>
    public Collation Collation { get; } = collation;

    /// <summary>The collation of a name.</summary>
    public static Collation Of(IdentifierSyntax name) => name.Name.ToLowerInvariant() switch
    {
        "binary" or "c" => Collation.Binary,
        "nocase" => Collation.NoCase,
        "unicode_nocase" => Collation.UnicodeNoCase,
        "rtrim" => Collation.TrimEnd,
        _ => throw new NeuroStoreException(
            ErrorCode.NotSupported,
            $"There is no collation {name.Name}; there are binary, nocase, unicode_nocase and "
            + "rtrim.",
            name.Position),
    };

    /// <summary>What is compared instead of the operand, or of the partner of it.</summary>
    public static Expression Key(Expression operand, Collation collation) => collation switch
    {
        Collation.NoCase => Fold("nocase", operand, FoldAscii),
        Collation.UnicodeNoCase => Fold(
            "unicode_nocase", operand, static text => text.ToUpperInvariant()),
        Collation.TrimEnd => Fold("rtrim", operand, static text => text.TrimEnd(' ')),
        _ => operand,
    };

    /// <summary>The key of a collated text; another expression as it is.</summary>
    public static Expression Key(Expression expression) => expression is CollateExpression own
        ? Key(own.Children[0], own.Collation)
        : expression;

    /// <summary>Both sides of a comparison by the collation that one of them has.</summary>
    public static (Expression Left, Expression Right) Keys(Expression left, Expression right)
    {
        CollateExpression? collated = left as CollateExpression ?? right as CollateExpression;
        return collated is null
            ? (left, right)
            : (KeyOf(left, collated.Collation), KeyOf(right, collated.Collation));
    }

    /// <summary>An operand by a collation, whether or not it has one of its own.</summary>
    public static Expression KeyOf(Expression operand, Collation collation)
    {
        Expression bare = operand is CollateExpression own ? own.Children[0] : operand;
        return bare.Type.Kind == TypeKind.Text || Coercion.IsFlexible(bare)
            ? Key(bare, collation)
            : bare;
    }

    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new CollateExpression(children[0], Collation);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Children[0]} COLLATE {Collation.ToString().ToLowerInvariant()}";

    /// <inheritdoc/>
    protected override ColumnBuffer EvaluateRows(RowBatch batch, ExecutionContext context) =>
        Children[0].Evaluate(batch, context);

    private static FunctionExpression Fold(
        string name, Expression operand, Func<string, string> fold) => new(
            name,
            DataType.Text,
            [Coercion.To(operand, DataType.Text, default)],
            RowLoops.Of(fold),
            FunctionVolatility.Immutable,
            default);

    private static string FoldAscii(string text) => text.Any(char.IsAsciiLetterUpper)
        ? string.Create(text.Length, text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                char unit = source[i];
                span[i] = char.IsAsciiLetterUpper(unit) ? (char)(unit | 0x20) : unit;
            }
        })
        : text;
}
