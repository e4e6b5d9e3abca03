using System.Runtime.CompilerServices;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// What the planner knows about the values of a table: a sample of its rows, how often values
/// occur, and histograms. Local conditions are evaluated on the sample itself, which beats
/// histograms where columns depend on each other. ANALYZE takes a uniform sample of all rows and
/// counts the values of all of them; without it the sample comes from chunks that are spread evenly
/// over the table, its columns are read when first asked for, and distinct values are estimated
/// from it (Duj1, P. Haas and L. Stokes, 1998). Shared by all sessions; the sample is taken anew
/// after a fifth of the rows has come or gone.
/// </summary>
internal sealed class TableStatistics
{
    /// <summary>The rows of a sample.</summary>
    public const int SampleRowCountMax = 2048;

    private const int RowCountMin = 512;
    private const double ShareOfChange = 0.2;

    private static readonly ConditionalWeakTable<VersionedTable, TableStatistics> Known = [];

    private readonly TableSchema _schema;
    private readonly List<(TableSlice Slice, int[] Rows)> _places;
    private readonly ColumnBuffer?[] _columns;
    private readonly double[] _distinct;
    private readonly Dictionary<(int Ordinal, KeyBins Bins), SampleBins> _bins = [];
    private readonly Dictionary<(int Ordinal, KeyBins Bins), RareRows?> _rare = [];
    private readonly Dictionary<string, double> _distinctSets = [];
    private readonly TableLayout _layout;
    private readonly bool _isAnalyzed;
    private readonly TableEntry _table;

    private TableStatistics(
        TableEntry entry,
        TableLayout layout,
        List<(TableSlice Slice, int[] Rows)> places,
        AnalyzedColumn?[] analyzed,
        bool isAnalyzed)
    {
        _isAnalyzed = isAnalyzed;
        _table = entry;
        _schema = entry.Schema;
        _layout = layout;
        _places = places;
        RowCount = entry.Rows.LiveCount;
        SampleRowCount = places.Sum(static place => place.Rows.Length);
        Analyzed = analyzed;
        _columns = new ColumnBuffer?[_schema.Columns.Count];
        _distinct = new double[_schema.Columns.Count];
    }

    /// <summary>The rows of the table when the sample was taken.</summary>
    public long RowCount { get; }

    /// <summary>The rows of the sample.</summary>
    public int SampleRowCount { get; }

    /// <summary>What ANALYZE saw of each column; null of those it did not look at.</summary>
    public AnalyzedColumn?[] Analyzed { get; }

    /// <summary>Which rows of the sample satisfy conditions.</summary>
    public SampleFilters Filters { get; } = new();

    /// <summary>What is known of a table; null of an empty or small one.</summary>
    /// <param name="table">The table.</param>
    /// <param name="evenSmall">
    /// Whether to look at a small one as well, for which guesses do where it stands alone.
    /// </param>
    public static TableStatistics? Of(TableEntry table, bool evenSmall = false)
    {
        VersionedTable rows = table.Rows;
        long live = rows.LiveCount;
        if (live < (evenSmall ? 1 : RowCountMin))
        {
            return null;
        }

        if (!Known.TryGetValue(rows, out TableStatistics? known) || !known.Holds(table))
        {
            TableLayout layout = rows.Layout;
            known = new TableStatistics(
                table,
                layout,
                SamplePlaces.Spread(table, layout, SampleRowCountMax),
                known?.CountsFor(table) ?? new AnalyzedColumn?[table.Schema.Columns.Count],
                isAnalyzed: false);
            Known.AddOrUpdate(rows, known);
        }

        return known.SampleRowCount > 0 ? known : null;
    }

    /// <summary>Looks at all rows of a table.</summary>
    public static void Analyze(TableEntry table, ExecutionContext context)
    {
        TableLayout layout = table.Rows.Layout;
        TableAnalysis analysis = TableAnalysis.Of(table, layout, context);
        var statistics = new TableStatistics(
            table, layout, analysis.Places, analysis.Columns, isAnalyzed: true);
        for (int ordinal = 0; ordinal < analysis.Columns.Length; ordinal++)
        {
            // Now, while the files of the layout are open.
            if (analysis.Columns[ordinal] is not null)
            {
                _ = statistics.Column(ordinal);
            }
        }

        Known.AddOrUpdate(table.Rows, statistics);
        EstimateFeedback.Touch(table.Rows);
    }

    /// <summary>The sampled values of a column.</summary>
    public ColumnBuffer Column(int ordinal)
    {
        lock (_columns)
        {
            return _columns[ordinal] ??= SamplePlaces.Read(_schema, _places, ordinal);
        }
    }

    /// <summary>Whether the sampled values of a column are there, or may be read.</summary>
    public bool CanRead(int ordinal, TableEntry table) =>
        ordinal < _columns.Length
        && (Volatile.Read(ref _columns[ordinal]) is not null
            || ReferenceEquals(_layout, table.Rows.Layout));

    /// <summary>
    /// The counts of the values of a column; null if ANALYZE did not count them, and the sample is
    /// not the whole table.
    /// </summary>
    public KeyCounts? KeysOf(int ordinal)
    {
        if (Analyzed[ordinal] is { } known)
        {
            return known.Keys;
        }

        ColumnBuffer? values = SampleRowCount == RowCount && CanRead(ordinal, _table)
            ? Column(ordinal)
            : null;
        if (values is null || values.Type.IsVector || values.LargeSource is not null)
        {
            return null;
        }

        var keys = new KeyCounts();
        keys.Add(KeyCounts.HashesOf(values), values, null);
        Interlocked.CompareExchange(ref Analyzed[ordinal], new AnalyzedColumn(keys, []), null);
        return Analyzed[ordinal]!.Keys;
    }

    /// <summary>In which bins the keys of the sample lie.</summary>
    public SampleBins BinsOf(int ordinal, KeyBins bins)
    {
        lock (_bins)
        {
            if (!_bins.TryGetValue((ordinal, bins), out SampleBins? known))
            {
                known = new SampleBins(Column(ordinal), bins);
                _bins.Add((ordinal, bins), known);
            }

            return known;
        }
    }

    /// <summary>
    /// The rows in those bins of which the sample has few; null where it has enough of all.
    /// </summary>
    public RareRows? RareOf(int ordinal, KeyBins bins, TableEntry table)
    {
        if (SampleRowCount >= RowCount)
        {
            return null;
        }

        SampleBins sample = BinsOf(ordinal, bins);
        lock (_rare)
        {
            if (!_rare.TryGetValue((ordinal, bins), out RareRows? known))
            {
                known = RareRows.Find(table, ordinal, bins, KeysOf(ordinal)!, sample);
                _rare.Add((ordinal, bins), known);
            }

            return known;
        }
    }

    /// <summary>How many different values a column has, about.</summary>
    public double DistinctOf(int ordinal)
    {
        if (IsUnique(_schema, ordinal))
        {
            return RowCount;
        }

        if (KeysOf(ordinal) is { } keys)
        {
            return Math.Min(RowCount, keys.Distinct);
        }

        if (!CanRead(ordinal, _table))
        {
            return RowCount;
        }

        ColumnBuffer column = Column(ordinal);
        lock (_columns)
        {
            if (_distinct[ordinal] == 0)
            {
                _distinct[ordinal] = SampleDistinct.Of([column], RowCount);
            }

            return _distinct[ordinal];
        }
    }

    /// <summary>How many different combinations of values some columns have, about.</summary>
    public double DistinctOf(IReadOnlyList<int> ordinals)
    {
        if (ordinals.Count == 1)
        {
            return DistinctOf(ordinals[0]);
        }

        if (_schema.Keys.Any(key => key.Ordinals.All(ordinals.Contains))
            || !ordinals.All(ordinal => CanRead(ordinal, _table)))
        {
            return RowCount;
        }

        ColumnBuffer[] columns = [.. ordinals.Select(Column)];
        lock (_distinctSets)
        {
            string name = string.Join(',', ordinals);
            if (!_distinctSets.TryGetValue(name, out double distinct))
            {
                distinct = SampleDistinct.Of(columns, RowCount);
                _distinctSets.Add(name, distinct);
            }

            return distinct;
        }
    }

    /// <summary>Whether no two rows have the same value in a column.</summary>
    public static bool IsUnique(TableSchema schema, int ordinal) =>
        schema.Keys.Any(key => key.Ordinals.Length == 1 && key.Ordinals[0] == ordinal);

    // The columns that ANALYZE looked at were read; of others it may be that they lie in files that
    // another layout has closed.
    private bool Holds(TableEntry table) =>
        Math.Abs(table.Rows.LiveCount - RowCount) <= ShareOfChange * RowCount
        && (ReferenceEquals(_schema, table.Schema)
            || _schema.Columns.SequenceEqual(table.Schema.Columns))
        && (_isAnalyzed || ReferenceEquals(_layout, table.Rows.Layout));

    // Counts of other rows still say which values are frequent.
    private AnalyzedColumn?[] CountsFor(TableEntry table)
    {
        var counts = new AnalyzedColumn?[table.Schema.Columns.Count];
        for (int i = 0; i < Math.Min(counts.Length, Analyzed.Length); i++)
        {
            bool isSame = table.Schema.Columns[i].Name == _schema.Columns[i].Name
                && table.Schema.Columns[i].Type == _schema.Columns[i].Type;
            counts[i] = isSame ? Analyzed[i] : null;
        }

        return counts;
    }
}
