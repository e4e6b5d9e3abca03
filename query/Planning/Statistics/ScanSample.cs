namespace NeuroDb.Query;

/// <summary>
/// The rows of the sample of a table that satisfy a condition, and what share of the table they
/// stand for. Where the sample has few of them, the counts of values and histograms of ANALYZE have
/// a say, each condition for itself, weighted the less the more there are ("exponential back-off").
/// Made for one scan of one plan.
/// </summary>
internal sealed class ScanSample
{
    private const int EnoughRows = 10;

    // How many rows of a sample what the histograms say counts for.
    private const double HistogramWeight = 0.3;
    private const double OfNone = 0.5;

    // Where fewer rows of the sample pass, more rows of the table are asked.
    private const int RankedBelow = 128;

    private readonly HashSet<int> _columnsRead = [];
    private List<Expression> _known = [];
    private ulong[]? _rankedBits;
    private bool _isRankedKnown;

    private ScanSample(LogicalScan scan, TableStatistics statistics)
    {
        Scan = scan;
        Statistics = statistics;
        RowCount = Math.Max(1, scan.Table.Rows.LiveCount);
    }

    /// <summary>The scan.</summary>
    public LogicalScan Scan { get; }

    /// <summary>The statistics of its table.</summary>
    public TableStatistics Statistics { get; }

    /// <summary>The rows of the table.</summary>
    public double RowCount { get; }

    /// <summary>The rows of the sample that pass; null for all of them.</summary>
    public int[]? Passing { get; private set; }

    /// <summary>
    /// By what the share of the sample has to be multiplied: other than 1 where it has too few
    /// rows, or where conditions cannot be evaluated beforehand.
    /// </summary>
    public double Correction { get; private set; } = 1;

    /// <summary>
    /// The part of <see cref="Correction"/> that is due to how few rows of the sample pass.
    /// </summary>
    public double SampleCorrection { get; private set; } = 1;

    /// <summary>
    /// The part of <see cref="Correction"/> that is due to how few rows of the ranked sample pass.
    /// </summary>
    public double RankedCorrection { get; private set; } = 1;

    /// <summary>The rows that pass.</summary>
    public RowEstimate Estimate { get; private set; }

    /// <summary>The sample for the rows that satisfy a condition, or for all.</summary>
    /// <param name="scan">The scan.</param>
    /// <param name="condition">The condition; null for none.</param>
    /// <param name="evenSmall">Whether small tables are sampled.</param>
    /// <param name="isJoined">Whether it is worth it to ask many rows of the table.</param>
    public static ScanSample? Of(
        LogicalScan scan, Expression? condition, bool evenSmall, bool isJoined = false)
    {
        if (TableStatistics.Of(scan.Table, evenSmall) is not { } statistics)
        {
            return null;
        }

        var sample = new ScanSample(scan, statistics);
        sample._isRankedKnown = !isJoined;
        sample.Apply(condition);
        if (condition is not null)
        {
            sample.TakeKeys(condition);
            sample.TakeSeen(condition);
        }

        return sample;
    }

    /// <summary>The table and the condition, equal for equal rows.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Those rows of the ranked sample that pass, as bits; null if nobody knows.</summary>
    public ulong[]? RankedBits()
    {
        if (!_isRankedKnown)
        {
            _isRankedKnown = true;
            _rankedBits = RankedSample.Of(this)?.Filter(_known, this);
        }

        return _rankedBits;
    }

    /// <summary>
    /// The same of rows that others refer to; null if nobody knows which of them pass.
    /// </summary>
    public ulong[]? BitsOf(RankedSample rows) => rows.Filter(_known, this);

    // A key has one row at most, whatever a sample without it says.
    private void TakeKeys(Expression condition)
    {
        double before = Estimate.Rows;
        double most = Math.Max(1, KeyLookupRule.RowCountMax(Scan, condition));
        if (most < Estimate.High)
        {
            Estimate = Estimate.AtMost(most);
            Correction *= Estimate.Rows / before;
        }
    }

    // What was seen of the same rows corrects what the sample stands for.
    private void TakeSeen(Expression condition)
    {
        Text = condition.ToString();
        double before = Estimate.Rows;
        Estimate = Estimate.Named(new EstimateKey([Scan.Table], () => Text));
        Correction *= Estimate.Rows / before;
    }

    private void Apply(Expression? condition)
    {
        Estimate = RowEstimate.Of(RowCount);
        if (condition is null)
        {
            return;
        }

        var parts = new List<Expression>();
        Conjuncts.Split(condition, parts);
        List<Expression> known = parts.FindAll(IsKnown);
        if (known.Count > 0)
        {
            Passing = Filter(
                known, Statistics.Filters, Statistics.Column, Statistics.SampleRowCount);
            if (Passing is null)
            {
                known.Clear();
            }
        }

        _known = known;

        double guess = 1;
        foreach (Expression part in parts)
        {
            guess *= known.Contains(part) ? 1 : Guess(part);
        }

        Estimate = known.Count > 0 ? FromSample(known) : RowEstimate.Of(RowCount);
        if (parts.Count > known.Count)
        {
            Correction *= guess;
            Estimate = Estimate.Guessed(Math.Max(1, Estimate.Rows * guess), Estimate.High);
        }
    }

    private RowEstimate FromSample(List<Expression> known)
    {
        double sampled = Statistics.SampleRowCount;
        double inSample = Passing?.Length ?? sampled;
        bool isRanked = inSample < RankedBelow && sampled < RowCount && RankedBits() is not null;
        double count = isRanked ? RankedSample.Of(this)!.Count : sampled;
        double passing = isRanked ? SampleBits.CountOf(_rankedBits) : inSample;
        EstimateSource source = EstimateSource.Sample;
        double share = passing / count;
        double unseen = Math.Max(0, 1 - (count / RowCount));
        bool isWhole = unseen == 0;
        if (passing < EnoughRows && !isWhole)
        {
            (share, source) = WithHistogram(known, passing, count);
        }

        // Others divide by these, also where no row at all passes.
        double some = Math.Max(share, 0.1 / RowCount);
        RankedCorrection = isRanked ? some * count / Math.Max(1, passing) : 1;
        SampleCorrection = isRanked || (passing < EnoughRows && !isWhole)
            ? some * sampled / Math.Max(1, inSample)
            : 1;
        Correction = SampleCorrection;

        double rows = Math.Max(1, RowCount * share);
        return isWhole
            ? RowEstimate.Of(rows) with { Source = source }
            : Interval(rows, share, count, unseen, source);
    }

    // The share of the rows that pass where few of those looked at do.
    private (double Share, EstimateSource Source) WithHistogram(
        List<Expression> known, double passing, double count)
    {
        double counted = known is [var only] ? ConditionShare.OfCounted(this, only) : double.NaN;
        if (!double.IsNaN(counted))
        {
            return (counted, EstimateSource.Histogram);
        }

        double other = ConditionShare.OfAll(this, known);
        if (double.IsNaN(other))
        {
            return (Math.Max(passing, OfNone) / count, EstimateSource.Sample);
        }

        // The mean of a Gamma distribution after the sample was seen.
        other = Math.Max(other, 0.1 / RowCount);
        return (
            (passing + HistogramWeight) / (count + (HistogramWeight / other)),
            passing == 0 ? EstimateSource.Histogram : EstimateSource.Sample);
    }

    // Wilson's interval (E. Wilson, 1927) for a share of a sample, in its logarithm on the high
    // side; few rows make it wide. What was not looked at is all that is uncertain.
    private RowEstimate Interval(
        double rows, double share, double count, double unseen, EstimateSource source)
    {
        const double Square = 1.645 * 1.645;
        double middle = (share + (Square / (2 * count))) / (1 + (Square / count));
        double half = Math.Sqrt(
            Square * ((share * (1 - share) / count) + (Square / (4 * count * count))) * unseen)
            / (1 + (Square / count));
        double factor = source == EstimateSource.Histogram ? 4 : 1;
        double low = Math.Max(0, middle - half) * RowCount / factor;
        double high = Math.Min(1, middle + half) * RowCount;
        return new RowEstimate(
            rows, Math.Min(rows, low), Math.Min(RowCount, Math.Max(rows * factor, high)), source);
    }

    /// <summary>Whether an expression has a value without an execution.</summary>
    private bool IsKnown(Expression expression) =>
        expression is ConstantExpression
        || (expression is ColumnExpression column && OrdinalOf(column.Id) is >= 0 and var ordinal
            && Statistics.CanRead(ordinal, Scan.Table))
        || (expression is RowExpression && expression.IsDeterministic
            && expression.Children.All(IsKnown));

    /// <summary>
    /// Those of some further rows of the table that pass; null if they cannot be looked at.
    /// </summary>
    public int[]? PassingOf(RareRows rare)
    {
        if (_known.Count == 0)
        {
            return [.. Enumerable.Range(0, rare.Count)];
        }

        return _columnsRead.All(ordinal => rare.CanRead(ordinal, Scan.Table))
            ? Filter(_known, rare.Filters, rare.Column, rare.Count)
            : null;
    }

    // Null where a condition fails for a row.
    private int[]? Filter(
        List<Expression> parts, SampleFilters filters, Func<int, ColumnBuffer> read, int count)
    {
        int Note(int id)
        {
            int ordinal = OrdinalOf(id);
            _columnsRead.Add(ordinal);
            return ordinal;
        }

        if (filters.TryFilter(parts, count, Note, read) is { } rows)
        {
            return rows;
        }

        var columns = new List<ColumnBuffer>();
        var places = new Dictionary<int, int>();
        Expression Resolve(Expression part) => part.Rewrite(inner =>
        {
            if (inner is not ColumnExpression column)
            {
                return inner;
            }

            if (!places.TryGetValue(column.Id, out int place))
            {
                place = columns.Count;
                places.Add(column.Id, place);
                columns.Add(read(Note(column.Id)));
            }

            return new OrdinalExpression(place, column.Name, column.Type);
        });

        try
        {
            Expression condition = ExpressionFactory.And([.. parts.Select(Resolve)]);
            var batch = new RowBatch([.. columns], count);
            var selected = new int[count];

            // Deterministic operations on columns and constants read nothing of an execution.
            int passing = PredicateFilter.Filter(condition, batch, null!, selected);
            Array.Resize(ref selected, passing);
            return selected;
        }
        catch (NeuroStoreException error) when (error.Code != ErrorCode.InvariantBroken)
        {
            // What fails for a row of the sample may be meant to fail, but not here.
            return null;
        }
    }

    private double Guess(Expression part)
    {
        double values = part switch
        {
            ComparisonExpression { Operator: BinaryOperator.Equal } => 1,
            InListExpression list => list.Children.Count - 1,
            _ => double.NaN,
        };
        ColumnExpression? column = double.IsNaN(values)
            ? null
            : part.Children.OfType<ColumnExpression>().FirstOrDefault();
        int ordinal = column is null ? -1 : OrdinalOf(column.Id);
        return ordinal >= 0 && Statistics.CanRead(ordinal, Scan.Table)
            ? Math.Min(1, values / Statistics.DistinctOf(ordinal))
            : Cardinality.ShareOf(part);
    }

    /// <summary>Which column of the table has an identifier; -1 for none.</summary>
    public int OrdinalOf(int id)
    {
        foreach (ScannedColumn column in Scan.Columns)
        {
            if (column.Column.Id == id)
            {
                return column.Ordinal;
            }
        }

        return -1;
    }
}
