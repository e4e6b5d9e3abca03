namespace NeuroDb.Query;

/// <summary>Full-text conditions that need no index.</summary>
internal static class TextMatchFunctions
{
    /// <summary>The functions.</summary>
    public static FunctionDefinition[] Definitions { get; } =
    [
        new("text_match", 2, 2, BindMatch),
    ];

    // text_match (text, words): whether the text has all the words; no words match nothing.
    private static Expression BindMatch(FunctionCall call) => call.Make(
        DataType.Boolean, Match, [call.Text(0), call.Text(1)]);

    private static ColumnBuffer Match(ColumnBuffer[] arguments, FunctionRun run)
    {
        byte[]? nulls = ColumnLoops.UnionNulls(run.Count, arguments[0], arguments[1]);
        var texts = new Operand<string>(arguments[0], run.Count);
        var queries = new Operand<string>(arguments[1], run.Count);
        var result = new long[run.Count];
        var words = new List<ulong>();
        var terms = new List<ulong>();
        string? known = null;
        for (int i = 0; i < result.Length; i++)
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

        return new ColumnBuffer<long>(run.Type, result, 0, run.Count, new NullMask(nulls));
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
