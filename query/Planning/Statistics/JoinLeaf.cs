namespace NeuroDb.Query;

/// <summary>
/// One of the inputs that inner joins put together, and what is known of it: the sample of its
/// table, where it is a table with conditions, perhaps thinned out by semi joins.
/// </summary>
internal sealed class JoinLeaf
{
    private readonly HashSet<int> _columns;
    private Dictionary<int, int>? _valueCounts;

    private JoinLeaf(LogicalNode node, ScanSample? sample, RowEstimate estimate)
    {
        Node = node;
        Sample = sample;
        Estimate = estimate;
        Thinning = sample is null ? 1 : estimate.Rows / Math.Max(1, sample.Estimate.Rows);
        _columns = ColumnSets.Of(node.Output);
    }

    /// <summary>The input.</summary>
    public LogicalNode Node { get; }

    /// <summary>The sample of the table; null for an input that is none.</summary>
    public ScanSample? Sample { get; }

    /// <summary>The rows of the input.</summary>
    public RowEstimate Estimate { get; }

    /// <summary>Whether fixed guesses say how many rows the input has.</summary>
    public bool IsGuessed => Estimate.Source == EstimateSource.Default;

    /// <summary>What semi joins leave of the rows that pass the conditions.</summary>
    public double Thinning { get; }

    /// <summary>Looks at an input.</summary>
    /// <param name="node">The input.</param>
    /// <param name="evenSmall">Whether small tables are sampled.</param>
    public static JoinLeaf Of(LogicalNode node, bool evenSmall)
    {
        LogicalNode all = WithAllColumns(node);
        LogicalNode source = all;
        while (source is LogicalJoin { IsHalf: true } half)
        {
            source = WithAllColumns(half.Left);
        }

        ScanSample? sample = TrySource(source, out LogicalScan scan, out Expression? condition)
            ? ScanSample.Of(scan, condition, evenSmall, isJoined: true)
            : null;
        bool isPlain = ReferenceEquals(source, all) && sample is not null;
        return new JoinLeaf(node, sample, isPlain ? sample!.Estimate : Cardinality.Estimate(node));
    }

    /// <summary>Whether a node reads one table; then with which conditions.</summary>
    public static bool TrySource(
        LogicalNode node, out LogicalScan scan, out Expression? condition)
    {
        (LogicalScan? found, condition) = node switch
        {
            LogicalScan all => (all, null),
            LogicalFilter { Input: LogicalScan filtered } filter => (filtered, filter.Condition),
            LogicalKeyRange { Order: KeyRangeOrder.None } range =>
                (range.Scan, Conjuncts.Join(range.Parts)),
            LogicalIndexRange { Order: KeyRangeOrder.None } range =>
                (range.Scan, Conjuncts.Join(range.Parts)),
            _ => (null, (Expression?)null),
        };
        scan = found!;
        return found is not null;
    }

    /// <summary>Whether the input gives a column.</summary>
    public bool Has(int column) => _columns.Contains(column);

    /// <summary>How many values conditions leave a column; null where they do not say.</summary>
    public int? ValueCountOf(int column) =>
        (_valueCounts ??= ImpliedConditions.ValueCounts(Node)).TryGetValue(column, out int count)
            ? count
            : null;

    /// <summary>The counts of the values of a column of the table; null if unknown.</summary>
    public KeyCounts? KeysOf(int ordinal) => Sample?.Statistics.KeysOf(ordinal);

    // Under what only leaves columns out.
    private static LogicalNode WithAllColumns(LogicalNode node)
    {
        while (node is LogicalProject project
            && project.Columns.All(static column => column.IsUnchanged))
        {
            node = project.Input;
        }

        return node;
    }
}
