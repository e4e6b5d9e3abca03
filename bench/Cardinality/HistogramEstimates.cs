namespace NeuroDb.Bench;

/// <summary>
/// What a planner estimates that keeps a hundred frequent values and a histogram of a hundred
/// buckets for each column, takes conditions to be independent, and joins to keep one pair in as
/// many as the column with more different values has of them.
/// </summary>
internal sealed class HistogramEstimates
{
    private const int ValueCount = 100;
    private const int BucketCount = 100;

    private readonly Dictionary<(string Table, int Column), Column> _columns = [];

    /// <summary>Looks at all rows of the tables.</summary>
    public HistogramEstimates(IEnumerable<ForumTable> tables)
    {
        foreach (ForumTable table in tables)
        {
            for (int i = 0; i < table.Columns.Length; i++)
            {
                _columns.Add((table.Name, i), new Column(table, i));
            }
        }
    }

    /// <summary>The rows of a sub-plan.</summary>
    public double Estimate(SubPlan plan)
    {
        double rows = 1;
        foreach (ForumTable table in plan.Tables)
        {
            rows *= table.Rows.Count;
        }

        foreach ((int table, int column, string operation, long value) in plan.Conditions)
        {
            rows *= _columns[(plan.Tables[table].Name, column)].Share(operation, value);
        }

        foreach ((int left, int leftColumn, int right, int rightColumn) in plan.Joins)
        {
            Column first = _columns[(plan.Tables[left].Name, leftColumn)];
            Column second = _columns[(plan.Tables[right].Name, rightColumn)];
            rows *= first.Present * second.Present / Math.Max(first.Distinct, second.Distinct);
        }

        return Math.Max(1, rows);
    }

    private sealed class Column
    {
        private readonly Dictionary<long, double> _frequent;
        private readonly long[] _others;
        private readonly double _othersShare;

        public Column(ForumTable table, int ordinal)
        {
            var counts = new Dictionary<long, int>();
            long present = 0;
            foreach (long?[] row in table.Rows)
            {
                if (row[ordinal] is { } value)
                {
                    counts[value] = counts.GetValueOrDefault(value) + 1;
                    present++;
                }
            }

            double rows = Math.Max(1, table.Rows.Count);
            Present = present / rows;
            Distinct = Math.Max(1, counts.Count);
            _frequent = counts
                .OrderByDescending(static pair => pair.Value)
                .Take(ValueCount)
                .ToDictionary(static pair => pair.Key, pair => pair.Value / rows);
            long[] others =
            [
                .. table.Rows.Select(row => row[ordinal]).OfType<long>()
                    .Where(value => !_frequent.ContainsKey(value)).Order(),
            ];
            _othersShare = others.Length / rows;
            _others = others.Length == 0 ? [] :
            [
                .. Enumerable.Range(0, BucketCount + 1).Select(
                    i => others[(int)((long)i * (others.Length - 1) / BucketCount)]),
            ];
        }

        public double Present { get; }

        public double Distinct { get; }

        public double Share(string operation, long value)
        {
            double equal = _frequent.TryGetValue(value, out double share)
                ? share
                : _othersShare / Math.Max(1, Distinct - _frequent.Count);
            double below = _frequent.Where(pair => pair.Key < value).Sum(static pair => pair.Value)
                + (_othersShare * Below(value));
            return Math.Max(1e-7, operation switch
            {
                "=" => equal,
                "<" => below,
                "<=" => below + equal,
                ">" => Present - below - equal,
                ">=" => Present - below,
                _ => Present - equal,
            });
        }

        private double Below(long value)
        {
            if (_others.Length == 0 || value <= _others[0])
            {
                return 0;
            }

            int upper = Array.FindIndex(_others, bound => bound >= value);
            if (upper < 0)
            {
                return 1;
            }

            double width = _others[upper] - _others[upper - 1];
            return (upper - 1 + ((value - _others[upper - 1]) / width)) / BucketCount;
        }
    }
}
