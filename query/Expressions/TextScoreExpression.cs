using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// bm25(column, words): how well each row's text fits the words, by the counts of the column's
/// text index over all rows of the snapshot. Rows without any of the words have 0. The planner
/// ranks by the index; anywhere else the text itself is looked at, with the same result.
/// </summary>
internal sealed class TextScoreExpression(
    TableEntry table,
    IndexEntry index,
    Expression text,
    Expression words,
    SourcePosition position) : RowExpression(DataType.Score, text, words)
{
    /// <summary>The table of the column.</summary>
    public TableEntry Table { get; } = table;

    /// <summary>The index of the column.</summary>
    public IndexEntry Index { get; } = index;

    /// <summary>The column.</summary>
    public Expression Text => Children[0];

    /// <summary>The words.</summary>
    public Expression Words => Children[1];

    /// <summary>The structure of the index.</summary>
    public TextIndex Structure => (TextIndex)Index.GetOrMake(
        entry => new TextIndex(Table, entry.Schema, TextAnalyzer.Instance));

    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new TextScoreExpression(Table, Index, children[0], children[1], position);

    /// <inheritdoc/>
    public override string ToString() => $"bm25({Text}, {Words})";

    /// <summary>The ranking by some words over the rows of the statement's snapshot.</summary>
    public TextRanking RankingOf(string words, ExecutionContext context) =>
        context.State.Get<Rankings>(Index).Of(words, () => MakeRanking(words, context));

    /// <inheritdoc/>
    protected override ColumnBuffer EvaluateRows(RowBatch batch, ExecutionContext context)
    {
        int count = batch.Count;
        ColumnBuffer textColumn = Operand(Text, batch, context);
        ColumnBuffer wordsColumn = Operand(Words, batch, context);
        byte[]? nulls = ColumnLoops.UnionNulls(count, textColumn, wordsColumn);
        var texts = new Operand<string>(textColumn, count);
        var queries = new Operand<string>(wordsColumn, count);
        var result = new double[count];
        var terms = new List<ulong>();
        TextIndex structure = Structure;
        for (int i = 0; i < count; i++)
        {
            if (nulls is not null && nulls[i] != 0)
            {
                continue;
            }

            terms.Clear();
            int length = structure.Analyze(texts[i], terms);
            terms.Sort();
            result[i] = RankingOf(queries[i], context).Score(terms, length);
        }

        return new ColumnBuffer<double>(Type, result, 0, count, new NullMask(nulls));
    }

    private TextRanking MakeRanking(string words, ExecutionContext context)
    {
        TextIndex structure = Structure;
        var terms = new List<ulong>();
        _ = structure.Analyze(words, terms);
        TextStatistics statistics = structure.StatisticsOf(
            context.Open(Table), terms, context.Cancellation);
        return new TextRanking(terms, statistics, structure.Options);
    }

    /// <summary>The rankings that one execution has made.</summary>
    private sealed class Rankings
    {
        private readonly Dictionary<string, TextRanking> _all = new(StringComparer.Ordinal);

        public TextRanking Of(string words, Func<TextRanking> make)
        {
            lock (_all)
            {
                if (!_all.TryGetValue(words, out TextRanking? ranking))
                {
                    ranking = make();
                    _all.Add(words, ranking);
                }

                return ranking;
            }
        }
    }
}
