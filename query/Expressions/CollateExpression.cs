namespace NeuroDb.Query;

/// <summary>
/// A text that compares by a collation. Its value is the text; where it is compared or sorted,
/// its key stands in its place: texts are equal if their keys are.
/// </summary>
internal sealed class CollateExpression(
    Expression operand, Collation collation, bool isOfColumn = false)
    : RowExpression(operand.Type, operand)
{
    /// <summary>The collation.</summary>
    public Collation Collation { get; } = collation;

    /// <summary>Whether the collation is that of a column, and not written in the statement.
    /// </summary>
    public bool IsOfColumn { get; } = isOfColumn;

    /// <summary>The collation of a name.</summary>
    public static Collation Of(IdentifierSyntax name) => name.Name.ToLowerInvariant() switch
    {
        "binary" or "c" or "posix" or "default" or "ucs_basic" => Collation.Binary,
        "nocase" => Collation.NoCase,
        "unicode_nocase" or "unicodenocase" => Collation.UnicodeNoCase,
        "rtrim" or "trimend" => Collation.TrimEnd,
        _ => throw new NeuroStoreException(
            ErrorCode.NotSupported,
            $"There is no collation {name.Name}; there are binary, nocase, unicode_nocase and "
            + "rtrim.",
            name.Position),
    };

    /// <summary>What is compared instead of the operand, or of the partner of it.</summary>
    public static Expression Key(Expression operand, Collation collation) => collation switch
    {
        Collation.Binary => operand,
        _ => Fold(NameOf(collation), operand, text => TextFold.Of((byte)collation, text)),
    };

    /// <summary>The name of a collation.</summary>
    public static string NameOf(Collation collation) => collation switch
    {
        Collation.NoCase => "nocase",
        Collation.UnicodeNoCase => "unicode_nocase",
        Collation.TrimEnd => "rtrim",
        _ => "binary",
    };

    /// <summary>
    /// Whether an expression is what stands for a column in keys and indexes of its table: the
    /// column itself, or of a column with a collation its key.
    /// </summary>
    public static bool IsIndexed(Expression expression, DataType type, int identifier)
    {
        Expression inner = expression;
        if (type.Collation != TextFold.Binary)
        {
            if (expression is not FunctionExpression { Children: [var operand] } key
                || key.Name != NameOf((Collation)type.Collation))
            {
                return false;
            }

            inner = operand;
        }

        return inner is ColumnExpression column && column.Id == identifier;
    }

    /// <summary>Whether an expression is what stands for a text by a collation.</summary>
    public static bool IsKey(Expression expression) => expression is FunctionExpression key
        && (key.Name == NameOf(Collation.NoCase) || key.Name == NameOf(Collation.UnicodeNoCase)
            || key.Name == NameOf(Collation.TrimEnd));

    /// <summary>The key of a collated text; another expression as it is.</summary>
    public static Expression Key(Expression expression) => expression is CollateExpression own
        ? Key(own.Children[0], own.Collation)
        : expression;

    /// <summary>Both sides of a comparison by the collation that one of them has.</summary>
    public static (Expression Left, Expression Right) Keys(Expression left, Expression right)
    {
        // What is written counts before what columns have, and the left before the right.
        CollateExpression? collated = left as CollateExpression;
        if (right is CollateExpression other && (collated is null
            || (collated.IsOfColumn && !other.IsOfColumn)))
        {
            collated = other;
        }

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
        new CollateExpression(children[0], Collation, IsOfColumn);

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
}
