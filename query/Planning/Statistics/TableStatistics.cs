using System.Runtime.CompilerServices;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// What the planner knows about the values of a table: a sample of its rows, taken from chunks that
/// are spread evenly over it. Local conditions are evaluated on the sample itself, which beats
/// histograms where columns depend on each other; distinct values are estimated from it (Duj1, P.
/// Haas and L. Stokes, 1998). Columns are read when first asked for. Shared by all sessions; taken
/// anew after a fifth of the rows has come or gone.
/// </summary>
internal sealed class TableStatistics
{
    private const int RowCountMin = 512;
    private const int ChunkCountMax = 16;
    private const int SampleRowCountMax = 2048;
    private const double ShareOfChange = 0.2;

    private static readonly ConditionalWeakTable<VersionedTable, TableStatistics> Known = [];

    private readonly TableSchema _schema;
    private readonly List<(TableSlice Slice, int[] Rows)> _places = [];
    private readonly ColumnBuffer?[] _columns;
    private readonly double[] _distinct;

    private readonly TableLayout _layout;

    private TableStatistics(TableEntry entry)
    {
        VersionedTable table = entry.Rows;
        _schema = entry.Schema;
        _layout = table.Layout;
        RowCount = table.LiveCount;
        _columns = new ColumnBuffer?[_schema.Columns.Count];
        _distinct = new double[_schema.Columns.Count];
        TakePlaces(entry);
    }

    /// <summary>The rows of the table when the sample was taken.</summary>
    public long RowCount { get; }

    /// <summary>The rows of the sample.</summary>
    public int SampleRowCount { get; private set; }

    /// <summary>What is known of a table; null of a small one, for which guesses do.</summary>
    public static TableStatistics? Of(TableEntry table)
    {
        VersionedTable rows = table.Rows;
        long live = rows.LiveCount;
        if (live < RowCountMin)
        {
            return null;
        }

        if (!Known.TryGetValue(rows, out TableStatistics? known)
            || Math.Abs(live - known.RowCount) > ShareOfChange * known.RowCount
            || !ReferenceEquals(known._layout, rows.Layout)
            || known._schema.Columns.Count < table.Schema.Columns.Count)
        {
            // The files of another layout may be closed by now.
            known = new TableStatistics(table);
            Known.AddOrUpdate(rows, known);
        }

        return known.SampleRowCount > 0 ? known : null;
    }

    /// <summary>The sampled values of a column.</summary>
    public ColumnBuffer Column(int ordinal)
    {
        lock (_columns)
        {
            return _columns[ordinal] ??= Read(ordinal);
        }
    }

    /// <summary>How many different values a column has, about.</summary>
    public double DistinctOf(int ordinal)
    {
        if (IsUnique(_schema, ordinal))
        {
            return RowCount;
        }

        ColumnBuffer column = Column(ordinal);
        lock (_columns)
        {
            if (_distinct[ordinal] == 0)
            {
                _distinct[ordinal] = Estimate(column);
            }

            return _distinct[ordinal];
        }
    }

    /// <summary>Whether no two rows have the same value in a column.</summary>
    public static bool IsUnique(TableSchema schema, int ordinal) =>
        schema.Keys.Any(key => key.Ordinals.Length == 1 && key.Ordinals[0] == ordinal);

    private double Estimate(ColumnBuffer column)
    {
        if (column.Type.IsVector)
        {
            return RowCount;
        }

        var groups = new int[column.Count];
        var table = new GroupTable([column.Type]);
        table.FindOrAdd([column], column.Count, groups);
        var counts = new int[table.Count];
        foreach (int group in groups)
        {
            counts[group]++;
        }

        double once = counts.Count(static count => count == 1);
        double rows = column.Count;
        double distinct = rows * table.Count / (rows - once + (once * rows / RowCount));
        return Math.Clamp(distinct, 1, RowCount);
    }

    private ColumnBuffer Read(int ordinal)
    {
        ColumnBuilder builder =
            ColumnBuilder.Create(_schema.Columns[ordinal].Type, SampleRowCount);
        foreach ((TableSlice slice, int[] rows) in _places)
        {
            ColumnBuffer sampled = slice.Column(ordinal).Gather(rows);
            builder.AppendRows(sampled, 0, rows.Length);
        }

        return builder.Build();
    }

    private void TakePlaces(TableEntry entry)
    {
        long timestamp = entry.Rows.LastChange;
        var chunks = new List<(RowPart Part, int Chunk, long Begun)>();
        foreach (RowPart part in _layout.Parts)
        {
            long begun = part.CountBegun(timestamp);
            for (int chunk = 0; chunk < RowPart.ChunksOf(begun); chunk++)
            {
                chunks.Add((part, chunk, begun));
            }
        }

        int count = Math.Min(chunks.Count, ChunkCountMax);
        for (int i = 0; i < count; i++)
        {
            (RowPart part, int chunk, long begun) =
                chunks[(int)(((2L * i) + 1) * chunks.Count / (2L * count))];
            TableSlice slice =
                part.Slice(chunk, begun, new SnapshotView(timestamp, null, 0));
            slice.Table = entry;
            int[] rows = RowsOf(slice, SampleRowCountMax / count);
            if (rows.Length > 0)
            {
                _places.Add((slice, rows));
                SampleRowCount += rows.Length;
            }
        }
    }

    private static int[] RowsOf(TableSlice slice, int countMax)
    {
        int step = Math.Max(1, (slice.Count + countMax - 1) / countMax);
        var rows = new List<int>(countMax);
        for (int row = step / 2; row < slice.Count; row += step)
        {
            if (slice.IsVisible(row))
            {
                rows.Add(row);
            }
        }

        return [.. rows];
    }
}
