using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Rows of a table in those bins of a column of which its sample has few: without them nothing is
/// known of the few values that most rows of another table refer to. Up to a number of rows of each
/// bin, all of them where there are no more, and many of bins that a large share of the rows of a
/// join comes from. Chosen when the bins are first used, in one pass over
/// the column; columns are read when first asked for, as long as the files are open.
/// </summary>
internal sealed class RareRows
{
    private const int RowCountMax = 768;
    private const int RowsOfBinMax = 8;
    private const int FewRows = 6;

    // For bins in which much of a join lies, in proportion to how much.
    private const int HeavyRowCountMax = 2048;
    private const double HeavyShareMin = 0.03;
    private const long TableRowCountMax = 2_000_000;

    private readonly List<(TableSlice Slice, int[] Rows)> _places;
    private readonly Dictionary<int, ColumnBuffer> _columns = [];
    private readonly Dictionary<(int Ordinal, KeyBins Bins), SampleBins> _bins = [];
    private readonly TableLayout _layout;
    private readonly TableSchema _schema;

    private RareRows(
        TableEntry table, TableLayout layout, List<(TableSlice Slice, int[] Rows)> places)
    {
        _schema = table.Schema;
        _layout = layout;
        _places = places;
        Count = places.Sum(static place => place.Rows.Length);
    }

    /// <summary>How many rows there are.</summary>
    public int Count { get; }

    /// <summary>Which of the rows satisfy conditions.</summary>
    public SampleFilters Filters { get; } = new();

    /// <summary>Looks for the rows; null if the sample needs none, or the table is large.</summary>
    public static RareRows? Find(
        TableEntry table, int ordinal, KeyBins bins, KeyCounts keys, SampleBins sample)
    {
        double[] rows = bins.RowsOf(bins.IndexOf(keys));
        int[] order = bins.Neighbours.Order;
        var wanted = new int[bins.Count];
        int left = RowCountMax;
        for (int i = order.Length - 1; i >= 0 && left > 0; i--)
        {
            int bin = order[i];
            if (rows[bin] >= 1 && sample.Counts[bin] < Math.Min(FewRows, rows[bin]))
            {
                wanted[bin] = (int)Math.Min(left, Math.Min(RowsOfBinMax, rows[bin]));
                left -= wanted[bin];
            }
        }

        bool isHeavy = false;
        double[] shares = bins.JoinShares;
        for (int bin = 0; bin < wanted.Length; bin++)
        {
            int heavy = (int)Math.Min(HeavyRowCountMax * shares[bin], rows[bin]);
            if (shares[bin] >= HeavyShareMin && heavy > 2 * sample.Counts[bin]
                && heavy > wanted[bin])
            {
                wanted[bin] = heavy;
                isHeavy = true;
            }
        }

        return (left == RowCountMax && !isHeavy) || table.Rows.LiveCount > TableRowCountMax
            ? null
            : Choose(table, ordinal, bins, wanted);
    }

    /// <summary>Whether a column is there, or may be read.</summary>
    public bool CanRead(int ordinal, TableEntry table)
    {
        lock (_columns)
        {
            return _columns.ContainsKey(ordinal)
                || ReferenceEquals(_layout, table.Rows.Layout);
        }
    }

    /// <summary>The values of a column.</summary>
    public ColumnBuffer Column(int ordinal)
    {
        lock (_columns)
        {
            if (!_columns.TryGetValue(ordinal, out ColumnBuffer? column))
            {
                column = SamplePlaces.Read(_schema, _places, ordinal);
                _columns.Add(ordinal, column);
            }

            return column;
        }
    }

    /// <summary>In which bins the values of a column lie.</summary>
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

    // Of each bin a uniform choice (Vitter, 1985, algorithm R), the same each time.
    private static RareRows Choose(TableEntry table, int ordinal, KeyBins bins, int[] wanted)
    {
        TableLayout layout = table.Rows.Layout;
        var random = new SeededRandomSource(2);
        var seen = new int[wanted.Length];
        var chosen = new Dictionary<(int Bin, int Place), (int Slice, int Row)>();
        var slices = new List<TableSlice>();
        foreach (TableSlice slice in SamplePlaces.SlicesOf(table, layout, int.MaxValue))
        {
            slices.Add(slice);
            ColumnBuffer column = slice.Column(ordinal);
            ulong[] hashes = KeyCounts.HashesOf(column);
            for (int row = 0; row < hashes.Length; row++)
            {
                int bin = column.IsNull(row) || !slice.IsVisible(row)
                    ? SampleBins.OfNew
                    : bins.BinOf(hashes[row]);
                if (bin < 0 || wanted[bin] == 0)
                {
                    continue;
                }

                int place = seen[bin]++;
                place = place < wanted[bin]
                    ? place
                    : (int)(random.NextUInt64() % (ulong)seen[bin]);
                if (place < wanted[bin])
                {
                    chosen[(bin, place)] = (slices.Count - 1, row);
                }
            }
        }

        return new RareRows(table, layout,
        [
            .. chosen.Values
                .GroupBy(static place => place.Slice, static place => place.Row)
                .OrderBy(static group => group.Key)
                .Select(group => (slices[group.Key], group.Order().ToArray())),
        ]);
    }
}
