using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// One pass over all rows of a table: where the rows of a uniform sample lie (Vitter, "Random
/// Sampling with a Reservoir", 1985, algorithm R; the seed is always the same), how often the
/// values of each column occur, and histograms of a larger sample.
/// </summary>
internal sealed class TableAnalysis
{
    private const int HistogramRowCount = 16_384;
    private const int BucketCount = 256;

    private readonly List<(int Slice, int Row)> _reservoir = [];
    private readonly List<TableSlice> _slices = [];
    private readonly TableSchema _schema;
    private readonly KeyCounts?[] _keys;

    private TableAnalysis(TableSchema schema)
    {
        _schema = schema;
        _keys = [.. schema.Columns.Select(static column => IsCounted(column)
            ? new KeyCounts()
            : null)];
        Columns = new AnalyzedColumn?[_keys.Length];
    }

    /// <summary>Where the rows of the sample lie.</summary>
    public List<(TableSlice Slice, int[] Rows)> Places { get; private set; } = [];

    /// <summary>The columns; null for vectors and the like.</summary>
    public AnalyzedColumn?[] Columns { get; }

    /// <summary>Looks at all rows.</summary>
    public static TableAnalysis Of(
        TableEntry table, TableLayout layout, ExecutionContext context)
    {
        var analysis = new TableAnalysis(table.Schema);
        var random = new SeededRandomSource(1);
        long seen = 0;
        foreach (TableSlice slice in SamplePlaces.SlicesOf(table, layout, int.MaxValue))
        {
            context.ThrowIfCancelled();
            analysis.Choose(slice, random, ref seen);
            analysis.Count(slice);
            slice.Release();
        }

        analysis.Places = analysis.PlacesOf(TableStatistics.SampleRowCountMax);
        List<(TableSlice, int[])> many = analysis.PlacesOf(HistogramRowCount);
        for (int i = 0; i < analysis.Columns.Length; i++)
        {
            context.ThrowIfCancelled();
            if (analysis._keys[i] is { } keys)
            {
                analysis.Columns[i] =
                    new AnalyzedColumn(keys, HistogramOf(table.Schema, many, i));
            }
        }

        foreach (TableSlice slice in analysis._slices)
        {
            slice.Release();
        }

        return analysis;
    }

    private static bool IsCounted(ColumnSchema column) =>
        column.Type.Kind != TypeKind.Json && column.Type.Physical
            is PhysicalKind.Int64 or PhysicalKind.Double or PhysicalKind.Decimal
            or PhysicalKind.Uuid or PhysicalKind.Text;

    // Of the places of a reservoir any part is as uniform a sample as all of them.
    private List<(TableSlice Slice, int[] Rows)> PlacesOf(int countMax) =>
    [
        .. _reservoir
            .Take(countMax)
            .GroupBy(static place => place.Slice, static place => place.Row)
            .OrderBy(static group => group.Key)
            .Select(group => (_slices[group.Key], group.Order().ToArray())),
    ];

    private void Choose(TableSlice slice, SeededRandomSource random, ref long seen)
    {
        int number = _slices.Count;
        _slices.Add(slice);
        for (int row = 0; row < slice.Count; row++)
        {
            if (!slice.IsVisible(row))
            {
                continue;
            }

            seen++;
            if (_reservoir.Count < HistogramRowCount)
            {
                // Put at a random place, so that the first ones are a sample as well.
                int place = (int)(random.NextUInt64() % (ulong)(_reservoir.Count + 1));
                _reservoir.Add((number, row));
                (_reservoir[place], _reservoir[^1]) = (_reservoir[^1], _reservoir[place]);
                continue;
            }

            ulong at = random.NextUInt64() % (ulong)seen;
            if (at < HistogramRowCount)
            {
                _reservoir[(int)at] = (number, row);
            }
        }
    }

    private void Count(TableSlice slice)
    {
        Func<int, bool>? isVisible = slice.VisibleMask.IsEmpty ? null : slice.IsVisible;
        for (int i = 0; i < _keys.Length; i++)
        {
            if (_keys[i] is { } keys)
            {
                ColumnBuffer column = slice.Column(i);
                if (column.LargeSource is null)
                {
                    keys.Add(KeyCounts.HashesOf(column), column, isVisible);
                }
                else
                {
                    _keys[i] = null;
                }
            }
        }
    }

    private static double[] HistogramOf(
        TableSchema schema, List<(TableSlice Slice, int[] Rows)> places, int ordinal)
    {
        if (schema.Columns[ordinal].Type.Physical
            is not (PhysicalKind.Int64 or PhysicalKind.Double or PhysicalKind.Decimal))
        {
            return [];
        }

        ColumnBuffer values = SamplePlaces.Read(schema, places, ordinal);
        var numbers = new List<double>(values.Count);
        for (int row = 0; row < values.Count; row++)
        {
            if (!values.IsNull(row) && NumberOf(values.GetValue(row)) is var number
                && !double.IsNaN(number))
            {
                numbers.Add(number);
            }
        }

        numbers.Sort();
        int buckets = Math.Min(BucketCount, numbers.Count - 1);
        return buckets < 1 ? [] :
        [
            .. Enumerable.Range(0, buckets + 1).Select(
                i => numbers[(int)((long)i * (numbers.Count - 1) / buckets)]),
        ];
    }

    /// <summary>A value as a number, in the order of the values; NaN if it is none.</summary>
    public static double NumberOf(Value value) => value.Kind switch
    {
        TypeKind.Null => double.NaN,
        _ => DataType.FromParts(value.Kind, 0, 0).Physical switch
        {
            PhysicalKind.Int64 => value.AsInt64(),
            PhysicalKind.Double => value.AsDouble(),
            PhysicalKind.Decimal => (double)value.AsDecimal(),
            _ => double.NaN,
        },
    };
}
