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
    private const int KeptTextLengthMax = 1 << 20;
    private const double ShareOfChange = 0.2;

    private static readonly ConditionalWeakTable<VersionedTable, TableStatistics> Known = [];

    private readonly TableSchema _schema;
    private readonly List<(TableSlice Slice, int[] Rows)> _places;
    private readonly ColumnBuffer?[] _columns;
    private readonly double[] _distinct;
    private readonly Dictionary<(int Ordinal, KeyBins Bins), SampleBins> _bins = [];
    private readonly Dictionary<(int Ordinal, KeyBins Bins), RareRows?> _rare = [];
    private readonly Dictionary<string, double> _distinctSets = [];
    private readonly TableLayout? _layout;
    private readonly TableEntry _table;
    private readonly AnalyzedColumn?[] _analyzed;
    private readonly StoredStatistics? _stored;
    private readonly bool[] _isStoredRead;

    private TableStatistics(
        TableEntry entry,
        TableLayout layout,
        List<(TableSlice Slice, int[] Rows)> places,
        AnalyzedColumn?[] analyzed,
        bool isAnalyzed)
    {
        IsAnalyzed = isAnalyzed;
        _table = entry;
        _schema = entry.Schema;
        _layout = layout;
        _places = places;
        Summary = new StatisticsSummary(
            0,
            entry.Rows.LiveCount,
            entry.Rows.NextRowId,
            places.Sum(static place => place.Rows.Length));
        _analyzed = analyzed;
        _columns = new ColumnBuffer?[_schema.Columns.Count];
        _distinct = new double[_schema.Columns.Count];
        _isStoredRead = new bool[_schema.Columns.Count];
    }

    // What was stored: columns that are not in it are not known.
    private TableStatistics(
        TableEntry entry, StatisticsSummary summary, ColumnBuffer?[] columns,
        StoredStatistics stored)
    {
        IsAnalyzed = true;
        _table = entry;
        _schema = entry.Schema;
        _places = [];
        Summary = summary;
        _analyzed = new AnalyzedColumn?[columns.Length];
        _columns = columns;
        _distinct = new double[columns.Length];
        _stored = stored;
        _isStoredRead = new bool[columns.Length];
    }

    /// <summary>Whether ANALYZE looked at the table.</summary>
    public bool IsAnalyzed { get; }

    /// <summary>How the table was when the sample was taken.</summary>
    public StatisticsSummary Summary { get; }

    /// <summary>The rows of the table when the sample was taken.</summary>
    public long RowCount => Summary.RowCount;

    /// <summary>The rows of the sample.</summary>
    public int SampleRowCount => Summary.SampleRowCount;

    /// <summary>Whether ANALYZE looked at more rows than the sample has.</summary>
    public bool IsPart => IsAnalyzed && SampleRowCount < RowCount;

    /// <summary>Which rows of the sample satisfy conditions.</summary>
    public SampleFilters Filters { get; } = new();

    /// <summary>What is known of a table; null of an empty or small one.</summary>
    /// <param name="table">The table.</param>
    /// <param name="evenSmall">Whether to look at a small one as well.</param>
    public static TableStatistics? Of(TableEntry table, bool evenSmall = false)
    {
        VersionedTable rows = table.Rows;
        long live = rows.LiveCount;
        if (live < (evenSmall ? 1 : RowCountMin))
        {
            return null;
        }

        if (!Known.TryGetValue(rows, out TableStatistics? known))
        {
            StoredStatistics.Restore(table);
            Known.TryGetValue(rows, out known);
        }

        if (known is null || !known.Holds(table))
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
            else if (IsSampledOnly(table.Schema.Columns[ordinal].Type))
            {
                statistics.KeepIfSmall(ordinal);
            }
        }

        StoredStatistics.Write(table, statistics, context);
        Keep(table, statistics);
    }

    /// <summary>
    /// The sampled values of a column that are there whatever becomes of the files; null if they
    /// are not.
    /// </summary>
    public ColumnBuffer? KeptColumn(int ordinal)
    {
        lock (_columns)
        {
            return _columns[ordinal];
        }
    }

    /// <summary>What was stored of a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="summary">How it was then.</param>
    /// <param name="columns">The sampled values, null for columns without any.</param>
    /// <param name="stored">Reads counts of values when they are asked for.</param>
    public static TableStatistics Of(
        TableEntry table,
        StatisticsSummary summary,
        ColumnBuffer?[] columns,
        StoredStatistics stored) => new(table, summary, columns, stored);

    /// <summary>Puts what is known of a table in the place of what was.</summary>
    public static void Keep(TableEntry table, TableStatistics statistics)
    {
        Known.AddOrUpdate(table.Rows, statistics);
        EstimateFeedback.Touch(table.Rows);
    }

    /// <summary>What ANALYZE saw of a column; null of one it did not look at.</summary>
    public AnalyzedColumn? AnalyzedOf(int ordinal)
    {
        if (ordinal >= _analyzed.Length)
        {
            return null;
        }

        if (_stored is null || Volatile.Read(ref _isStoredRead[ordinal]))
        {
            return Volatile.Read(ref _analyzed[ordinal]);
        }

        lock (_isStoredRead)
        {
            if (!_isStoredRead[ordinal])
            {
                _analyzed[ordinal] ??= _columns[ordinal] is null
                    ? null
                    : _stored.CountsOf(_table, ordinal, Summary);
                Volatile.Write(ref _isStoredRead[ordinal], true);
            }

            return _analyzed[ordinal];
        }
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
        if (AnalyzedOf(ordinal) is { } known)
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
        Interlocked.CompareExchange(ref _analyzed[ordinal], new AnalyzedColumn(keys, []), null);
        return _analyzed[ordinal]!.Keys;
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

    private static bool IsSampledOnly(DataType type) =>
        type.Kind == TypeKind.Json || type.Physical == PhysicalKind.Interval;

    private void KeepIfSmall(int ordinal)
    {
        ColumnBuffer values = SamplePlaces.Read(_schema, _places, ordinal);
        long size = values is ColumnBuffer<string> { LargeSource: null } texts
            ? texts.Values.ToArray().Sum(static text => (long)(text?.Length ?? 0))
            : 0;
        if (values.LargeSource is null && size <= KeptTextLengthMax)
        {
            lock (_columns)
            {
                _columns[ordinal] = values;
            }
        }
    }

    // The columns that ANALYZE looked at were read; of others it may be that they lie in files that
    // another layout has closed.
    private bool Holds(TableEntry table) =>
        ChangedRows(table.Rows) <= ShareOfChange * RowCount
        && (ReferenceEquals(_schema, table.Schema)
            || _schema.Columns.SequenceEqual(table.Schema.Columns))
        && (IsAnalyzed || ReferenceEquals(_layout, table.Rows.Layout));

    // Versions that came or went since, whichever are more: an update is one of each. A table with
    // fewer numbers than then is of an older state, which a restore brought back.
    private double ChangedRows(VersionedTable rows)
    {
        long came = rows.NextRowId - Summary.NextRowId;
        long gone = RowCount + came - rows.LiveCount;
        return came < 0 ? double.PositiveInfinity : Math.Max(came, gone);
    }

    // Counts of other rows still say which values are frequent.
    private AnalyzedColumn?[] CountsFor(TableEntry table)
    {
        var counts = new AnalyzedColumn?[table.Schema.Columns.Count];
        for (int i = 0; i < Math.Min(counts.Length, _analyzed.Length); i++)
        {
            bool isSame = table.Schema.Columns[i].Name == _schema.Columns[i].Name
                && table.Schema.Columns[i].Type == _schema.Columns[i].Type;
            counts[i] = isSame ? AnalyzedOf(i) : null;
        }

        return counts;
    }
}
