namespace NeuroDb.Query;

/// <summary>
/// LIKE, or ILIKE, which ignores case. The children are the text, the pattern and, if there is
/// one, the escape character. A pattern that is the same for all rows is compiled once.
/// </summary>
internal sealed class LikeExpression(
    IReadOnlyList<Expression> children, bool ignoreCase, SourcePosition position)
    : RowExpression(DataType.Boolean, children)
{
    /// <summary>Whether upper and lower case match.</summary>
    public bool IgnoresCase { get; } = ignoreCase;

    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new LikeExpression(children, IgnoresCase, position);

    /// <inheritdoc/>
    public override string ToString()
    {
        string escape = Children.Count > 2 ? $" ESCAPE {Children[2]}" : string.Empty;
        string sign = IgnoresCase ? "ILIKE" : "LIKE";
        return $"({Children[0]} {sign} {Children[1]}{escape})";
    }

    /// <inheritdoc/>
    protected override ColumnBuffer EvaluateRows(RowBatch batch, ExecutionContext context)
    {
        ColumnBuffer text = Operand(Children[0], batch, context);
        ColumnBuffer pattern = Operand(Children[1], batch, context);
        ColumnBuffer escape = Children.Count > 2
            ? Operand(Children[2], batch, context)
            : new ColumnBuffer<string>(DataType.Text, ["\\"]);
        byte[]? nulls = ColumnLoops.UnionNulls(batch.Count, text, pattern, escape);
        var texts = new Operand<string>(text, batch.Count);
        var patterns = new Operand<string>(pattern, batch.Count);
        var escapes = new Operand<string>(escape, batch.Count);
        var result = new long[batch.Count];
        LikePattern? compiled = null;
        for (int i = 0; i < result.Length; i++)
        {
            if (nulls is not null && nulls[i] != 0)
            {
                continue;
            }

            if (compiled is null || !patterns.IsScalar || !escapes.IsScalar)
            {
                compiled = new LikePattern(
                    patterns[i], EscapeOf(escapes[i]), IgnoresCase, position);
            }

            result[i] = compiled.IsMatch(texts[i]) ? 1 : 0;
        }

        return new ColumnBuffer<long>(Type, result, 0, result.Length, new NullMask(nulls));
    }

    private char? EscapeOf(string escape) => escape.Length switch
    {
        0 => null,
        1 => escape[0],
        _ => throw new NeuroStoreException(
            ErrorCode.InvalidText,
            $"ESCAPE takes one character or none, not '{ValueText.Shorten(escape)}'.",
            position),
    };
}
