namespace NeuroDb.Query;

/// <summary>
/// One of the inputs that inner joins put together, and what is known of it: the sample of its
/// table, where it is a table with conditions, perhaps thinned out by semi joins.
/// </summary>
internal sealed class JoinLeaf
{
    private readonly HashSet<int> _columns;
    private readonly LeafSource? _source;
    private Dictionary<int, int>? _valueCounts;
    private List<Expression>? _parts;

    private JoinLeaf(
        LogicalNode node, LeafSource? source, ScanSample? sample, RowEstimate estimate)
    {
        Node = node;
        Sample = sample;
        Estimate = estimate;
        _source = sample is null ? null : source;
        _columns = ColumnSets.Of(node.Output);
        if (_source is { Groups: { } groups, GroupedId: >= 0 and var id })
        {
            GroupedBy = sample!.OrdinalOf(id);
            ThinningOfGroups = estimate.Rows / Math.Max(1, Cardinality.Of(groups));
            Thinning = Cardinality.Of(groups.Children[0]) / Math.Max(1, sample.Estimate.Rows);
        }
        else
        {
            Thinning = sample is null ? 1 : estimate.Rows / Math.Max(1, sample.Estimate.Rows);
        }
    }

    private JoinLeaf(JoinLeaf other, ScanSample sample, RowEstimate estimate)
    {
        Node = other.Node;
        Sample = sample;
        Estimate = estimate;
        Thinning = other.Thinning;
        GroupedBy = other.GroupedBy;
        ThinningOfGroups = other.ThinningOfGroups;
        IsPlain = other.IsPlain;
        _source = other._source;
        _columns = other._columns;
        _valueCounts = other._valueCounts;
    }

    /// <summary>The input.</summary>
    public LogicalNode Node { get; }

    /// <summary>
    /// The sample of the table that the columns come from by which it is joined; null for none.
    /// </summary>
    public ScanSample? Sample { get; }

    /// <summary>The rows of the input.</summary>
    public RowEstimate Estimate { get; }

    /// <summary>Whether fixed guesses say how many rows the input has.</summary>
    public bool IsGuessed => Estimate.Source == EstimateSource.Default;

    /// <summary>
    /// What joins, limits and further conditions make of the rows of the table that pass its own,
    /// before they are grouped.
    /// </summary>
    public double Thinning { get; }

    /// <summary>The column that the input has one row for each value of; -1 for none.</summary>
    public int GroupedBy { get; } = -1;

    /// <summary>What is left of the groups.</summary>
    public double ThinningOfGroups { get; } = 1;

    /// <summary>
    /// Whether the rows of the input are rows of the table, so that what is unique there is unique
    /// here.
    /// </summary>
    public bool IsPart => _source is { IsPart: true };

    /// <summary>Whether the rows are all those of the table that pass the conditions.</summary>
    public bool IsPlain { get; private init; }

    /// <summary>Looks at an input.</summary>
    /// <param name="node">The input.</param>
    /// <param name="evenSmall">Whether small tables are sampled.</param>
    /// <param name="keys">The columns that the input is joined by.</param>
    public static JoinLeaf Of(LogicalNode node, bool evenSmall, HashSet<int> keys)
    {
        LogicalNode all = WithAllColumns(node);
        bool isPlain = TrySource(all, out _, out _);
        if (!isPlain)
        {
            LookClosely(all, evenSmall);
        }

        LeafSource? source = LeafSource.Of(all, keys);
        ScanSample? sample = source is null
            ? null
            : ScanSample.Of(source.Scan, source.Condition, evenSmall, isJoined: true);
        isPlain &= sample is not null;
        return new JoinLeaf(
            node, source, sample, isPlain ? sample!.Estimate : Cardinality.Estimate(node))
        {
            IsPlain = isPlain,
        };
    }

    /// <summary>
    /// The conditions on rows of the table all of which hold; none where no sample is known.
    /// </summary>
    public List<Expression> Parts
    {
        get
        {
            if (_parts is null)
            {
                _parts = [];
                Conjuncts.Split(_source?.Condition, _parts);
            }

            return _parts;
        }
    }

    /// <summary>The column of the table that a column of the input is; -1 for none.</summary>
    public int OrdinalOf(int column) => _source is null
        ? -1
        : Sample!.OrdinalOf(_source.IdOf(column));

    /// <summary>
    /// The identifier that the table gives a column of the input; -1 for none.
    /// </summary>
    public int TableIdOf(int column) => _source?.IdOf(column) ?? -1;

    /// <summary>
    /// The input without some of its <see cref="Parts"/>, which the bits of their numbers say.
    /// </summary>
    public JoinLeaf Without(ulong parts)
    {
        ScanSample all = ScanSample.Of(
            Sample!.Scan,
            Conjuncts.Join([.. Parts.Where((_, i) => i >= 64 || (parts & (1UL << i)) == 0)]),
            evenSmall: true,
            isJoined: true)!;
        double share = all.Estimate.Rows / Math.Max(1, Sample.Estimate.Rows);
        return new JoinLeaf(
            this, all, IsPlain ? all.Estimate : Estimate.Scaled(Estimate.Rows * share));
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

    // What is joined is worth to ask many rows of its tables about.
    private static void LookClosely(LogicalNode node, bool evenSmall)
    {
        if (node.Estimate is null
            && TrySource(node, out LogicalScan scan, out Expression? condition))
        {
            node.Estimate =
                ScanSample.Of(scan, condition, evenSmall, isJoined: true)?.Estimate;
            return;
        }

        foreach (LogicalNode child in node.Children)
        {
            LookClosely(child, evenSmall);
        }
    }

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
