namespace NeuroDb.Query;

/// <summary>
/// text @@ words: whether a text has all the words, as a text index cuts them; no words match
/// nothing. It looks at the text itself; a scan asks the index first, if there is one, which rows
/// are worth that.
/// </summary>
internal sealed class TextMatchExpression : RowExpression
{
    private TextMatchExpression(Expression text, Expression words, TextIndexReference? index)
        : base(DataType.Boolean, text, words) => Index = index;

    /// <summary>The index of the column; null if there is none, or if it is no column.</summary>
    public TextIndexReference? Index { get; }

    /// <summary>The text.</summary>
    public Expression Text => Children[0];

    /// <summary>The words.</summary>
    public Expression Words => Children[1];

    /// <summary>The condition, whose operands must be texts.</summary>
    public static TextMatchExpression Make(
        Expression text, Expression words, TextIndexReference? index, SourcePosition position) =>
        new(
            OperatorFactory.Text(text, position), OperatorFactory.Text(words, position), index);

    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new TextMatchExpression(children[0], children[1], Index);

    /// <inheritdoc/>
    public override string ToString() => $"({Text} @@ {Words})";

    /// <inheritdoc/>
    protected override ColumnBuffer EvaluateRows(RowBatch batch, ExecutionContext context)
    {
        int count = batch.Count;
        ColumnBuffer textColumn = Operand(Text, batch, context);
        ColumnBuffer wordsColumn = Operand(Words, batch, context);
        byte[]? nulls = ColumnLoops.UnionNulls(count, textColumn, wordsColumn);
        var texts = new Operand<string>(textColumn, count);
        var queries = new Operand<string>(wordsColumn, count);
        var result = new long[count];
        var words = new List<ulong>();
        var terms = new List<ulong>();
        string? known = null;
        for (int i = 0; i < count; i++)
        {
            if (nulls is not null && nulls[i] != 0)
            {
                continue;
            }

            if (!ReferenceEquals(known, queries[i]))
            {
                known = queries[i];
                words.Clear();
                _ = TextAnalyzer.Instance.Analyze(known, words);
            }

            terms.Clear();
            _ = TextAnalyzer.Instance.Analyze(texts[i], terms);
            result[i] = HasAll(terms, words) ? 1 : 0;
        }

        return new ColumnBuffer<long>(Type, result, 0, count, new NullMask(nulls));
    }

    private static bool HasAll(List<ulong> terms, List<ulong> words)
    {
        foreach (ulong word in words)
        {
            if (!terms.Contains(word))
            {
                return false;
            }
        }

        return words.Count > 0;
    }
}
