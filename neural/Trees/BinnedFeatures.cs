namespace NeuroDb.Neural;

/// <summary>
/// The features of all rows as numbers of bins, column by column. Bin b holds what is above edge
/// b - 1 and not above edge b; NaN stands in bin 0.
/// </summary>
internal sealed class BinnedFeatures
{
    private const int BinsMax = 255;
    private const int SampleMax = 200_000;

    private readonly byte[][] _bins;
    private readonly float[][] _edges;

    /// <summary>Bins of features (rows, columns).</summary>
    public BinnedFeatures(
        ReadOnlyMemory<float> features, int rowCount, int columnCount, IWorkers workers)
    {
        RowCount = rowCount;
        ColumnCount = columnCount;
        _bins = new byte[columnCount][];
        _edges = new float[columnCount][];
        workers.ForEach(columnCount, column =>
        {
            _edges[column] = EdgesOf(features.Span, column);
            var bins = new byte[rowCount];
            for (int row = 0; row < rowCount; row++)
            {
                bins[row] = BinOf(_edges[column], features.Span[(row * columnCount) + column]);
            }

            _bins[column] = bins;
        });
    }

    /// <summary>Rows.</summary>
    public int RowCount { get; }

    /// <summary>Columns.</summary>
    public int ColumnCount { get; }

    /// <summary>The bins of a column.</summary>
    public ReadOnlySpan<byte> Bins(int column) => _bins[column];

    /// <summary>How many bins a column has.</summary>
    public int BinCount(int column) => _edges[column].Length + 1;

    /// <summary>The largest number that still goes into a bin or one before it.</summary>
    public float Edge(int column, int bin) => _edges[column][bin];

    private static byte BinOf(float[] edges, float value)
    {
        if (float.IsNaN(value))
        {
            return 0;
        }

        int low = 0;
        int high = edges.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = value > edges[middle] ? (middle + 1, high) : (low, middle);
        }

        return (byte)low;
    }

    /// <summary>Halfway between neighbours, at quantiles where there are too many.</summary>
    private float[] EdgesOf(ReadOnlySpan<float> features, int column)
    {
        int step = Math.Max(1, RowCount / SampleMax);
        var values = new List<float>();
        for (int row = 0; row < RowCount; row += step)
        {
            float value = features[(row * ColumnCount) + column];
            if (!float.IsNaN(value))
            {
                values.Add(value);
            }
        }

        values.Sort();
        var edges = new List<float>();
        float[] distinct = [.. values.Where((value, i) => i == 0 || value != values[i - 1])];
        if (distinct.Length <= BinsMax)
        {
            for (int i = 1; i < distinct.Length; i++)
            {
                edges.Add(Between(distinct[i - 1], distinct[i]));
            }

            return [.. edges];
        }

        for (int i = 1; i < BinsMax; i++)
        {
            int at = (int)((long)i * values.Count / BinsMax);
            float edge = Between(values[at - 1], values[at]);
            if (edges.Count == 0 || edge > edges[^1])
            {
                edges.Add(edge);
            }
        }

        return [.. edges];
    }

    private static float Between(float low, float high)
    {
        float middle = (float)(((double)low + high) / 2);
        return middle < high ? middle : low;
    }
}
