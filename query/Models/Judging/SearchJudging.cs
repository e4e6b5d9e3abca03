using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// ml.search_report: what rankings are worth by judgments, both rows of tables, so that a ranking
/// may come from here or from anywhere.
/// </summary>
internal static class SearchJudging
{
    private const int RowsMax = 1 << 24;

    /// <summary>The function.</summary>
    public static readonly ObjectFunction[] Functions =
    [
        new(
            "ml.search_report",
            TakesModel: false,
            TablesMin: 2,
            TablesMax: 2,
            [new("k", DataType.BigInt, Value.Of(10L))],
            static _ =>
            [
                ("search", DataType.Text), ("k", DataType.BigInt), ("queries", DataType.BigInt),
                ("hits", DataType.BigInt), ("mrr", DataType.Double), ("ndcg", DataType.Double),
                ("recall", DataType.Double), ("precision", DataType.Double),
                ("unjudged_queries", DataType.BigInt),
            ],
            Run),
    ];

    private static IEnumerable<Value[]> Run(
        ObjectInputs inputs, Value[] values, ExecutionContext context)
    {
        long k = values[0].IsNull ? 0 : values[0].AsInt64();
        if (k is < 1 or > RowsMax)
        {
            throw Wrong("k is a number of places from 1", inputs.Position);
        }

        Dictionary<string, Dictionary<string, double>> judged = ReadJudgments(inputs, context);
        foreach ((string search, Dictionary<string, List<RankedItem>> rankings) in
            ReadRankings(inputs, context))
        {
            yield return Judge(search, rankings, judged, (int)k);
        }
    }

    private static Value[] Judge(
        string search,
        Dictionary<string, List<RankedItem>> rankings,
        Dictionary<string, Dictionary<string, double>> judged,
        int k)
    {
        double gain = 0;
        double recall = 0;
        double precision = 0;
        double rank = 0;
        long hits = 0;
        foreach ((string query, Dictionary<string, double> gains) in
            judged.OrderBy(static it => it.Key, StringComparer.Ordinal))
        {
            List<RankedItem> items = rankings.GetValueOrDefault(query) ?? [];
            items.Sort();
            SearchMetrics one = SearchMetrics.Of(items.Select(static it => it.Item), gains, k);
            gain += one.Gain;
            recall += one.Recall;
            precision += one.Precision;
            rank += one.ReciprocalRank;
            hits += one.ReciprocalRank > 0 ? 1 : 0;
        }

        Value Mean(double sum) =>
            judged.Count == 0 ? Value.Null : Value.Of(sum / judged.Count);
        return
        [
            Value.Of(search), Value.Of((long)k), Value.Of((long)judged.Count), Value.Of(hits),
            Mean(rank), Mean(gain), Mean(recall), Mean(precision),
            Value.Of(rankings.Keys.LongCount(query => !judged.ContainsKey(query))),
        ];
    }

    // Questions without a right item say nothing about a search.
    private static Dictionary<string, Dictionary<string, double>> ReadJudgments(
        ObjectInputs inputs, ExecutionContext context)
    {
        FunctionTable table = inputs.Tables[1];
        int query = Find(table, "query", isNeeded: true, inputs.Position);
        int item = Find(table, "item", isNeeded: true, inputs.Position);
        int gain = Find(table, "gain", isNeeded: false, inputs.Position);
        var judged = new Dictionary<string, Dictionary<string, double>>(StringComparer.Ordinal);
        foreach ((RowBatch batch, int row) in Rows(table, inputs.Position, context))
        {
            if (ModelLabels.TextOf(batch.Columns[query], row) is not { } asked
                || ModelLabels.TextOf(batch.Columns[item], row) is not { } right)
            {
                continue;
            }

            double worth = gain < 0 ? 1 : ModelTarget.NumberOf(batch.Columns[gain], row);
            if (!(worth >= 0 && double.IsFinite(worth)))
            {
                throw Wrong("a gain is a number from 0", inputs.Position);
            }

            judged.TryAdd(asked, new Dictionary<string, double>(StringComparer.Ordinal));
            if (!judged[asked].TryAdd(right, worth))
            {
                throw Wrong($"{right} is judged twice for {asked}", inputs.Position);
            }
        }

        return judged.Where(static it => it.Value.Values.Any(static gain => gain > 0))
            .ToDictionary(static it => it.Key, static it => it.Value, StringComparer.Ordinal);
    }

    private static SortedDictionary<string, Dictionary<string, List<RankedItem>>> ReadRankings(
        ObjectInputs inputs, ExecutionContext context)
    {
        FunctionTable table = inputs.Tables[0];
        int search = Find(table, "search", isNeeded: false, inputs.Position);
        int query = Find(table, "query", isNeeded: true, inputs.Position);
        int item = Find(table, "item", isNeeded: true, inputs.Position);
        int place = Find(table, "place", isNeeded: false, inputs.Position);
        int score = place >= 0 ? -1 : Find(table, "score", isNeeded: true, inputs.Position);
        var all = new SortedDictionary<string, Dictionary<string, List<RankedItem>>>(
            StringComparer.Ordinal);
        foreach ((RowBatch batch, int row) in Rows(table, inputs.Position, context))
        {
            string name = search < 0 ? table.Name
                : ModelLabels.TextOf(batch.Columns[search], row) ?? "";
            if (ModelLabels.TextOf(batch.Columns[query], row) is not { } asked
                || ModelLabels.TextOf(batch.Columns[item], row) is not { } found)
            {
                continue;
            }

            double order = place >= 0 ? ModelTarget.NumberOf(batch.Columns[place], row)
                : -ModelTarget.NumberOf(batch.Columns[score], row);
            all.TryAdd(
                name, new Dictionary<string, List<RankedItem>>(StringComparer.Ordinal));
            all[name].TryAdd(asked, []);
            all[name][asked].Add(new RankedItem(order, found));
        }

        return all;
    }

    private static IEnumerable<(RowBatch Batch, int Row)> Rows(
        FunctionTable table, SourcePosition position, ExecutionContext context)
    {
        long count = 0;
        foreach (RowBatch batch in TableJudging.Read(table.Plan, context))
        {
            count += batch.Count;
            if (count > RowsMax)
            {
                throw new ResourceLimitException(
                    ErrorCode.ResourceLimit,
                    $"ml.search_report keeps at most {RowsMax} rows of {table.Name}; give it "
                    + "those of the first places only.",
                    position);
            }

            for (int row = 0; row < batch.Count; row++)
            {
                yield return (batch, row);
            }
        }
    }

    private static int Find(
        FunctionTable table, string name, bool isNeeded, SourcePosition position)
    {
        int found = table.Plan.Output.ToList().FindIndex(column =>
            string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase));
        return found >= 0 || !isNeeded ? found : throw Wrong(
            $"{table.Name} has no column {name}. Rankings have query, item, place or score, and "
            + "perhaps search; judgments have query, item and perhaps gain",
            position);
    }

    private static NeuroStoreException Wrong(string what, SourcePosition position) => new(
        ErrorCode.TypeMismatch,
        $"ml.search_report(TABLE rankings, TABLE judgments, k => 10): {what}.",
        position);
}
