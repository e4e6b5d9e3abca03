using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// The series of a query, divided by time: the first values of each train, then some validate, and
/// the last ones test.
/// </summary>
internal sealed class SeriesData
{
    private SeriesData(IReadOnlyList<TimeSeries> series, long rejected, long count)
    {
        Series = series;
        Rejected = rejected;
        RowCount = count;
    }

    /// <summary>The series.</summary>
    public IReadOnlyList<TimeSeries> Series { get; }

    /// <summary>Rows without a time or a number.</summary>
    public long Rejected { get; }

    /// <summary>All rows.</summary>
    public long RowCount { get; }

    /// <summary>Which values have which part, as a hash.</summary>
    public string Hash { get; private set; } = "";

    /// <summary>Reads and divides.</summary>
    public static SeriesData Read(
        ForecastSpec spec,
        ModelSplit split,
        IReadOnlyList<ModelColumn> columns,
        IEnumerable<RowBatch> rows,
        SourcePosition position)
    {
        var reader = new SeriesReader(spec, columns, position);
        IReadOnlyList<TimeSeries> series = reader.Read(rows);
        var data = new SeriesData(series, reader.Rejected, reader.Count);
        foreach (TimeSeries one in series)
        {
            Divide(one, split);
        }

        data.Hash = data.HashOf();
        return data;
    }

    /// <summary>Values of a part.</summary>
    public long CountOf(SplitPart part) => Series.Sum(it =>
    {
        (int start, int end) = it.RangeOf(part);
        return (long)(end - start);
    });

    private static void Divide(TimeSeries series, ModelSplit split)
    {
        int count = series.Values.Count;
        if (split.Kind == ModelSplitKind.LastOrdered)
        {
            int last = (int)Math.Min(split.Test, count);
            series.ValidationEnd = count - last;
            series.TrainEnd = Math.Max(0, series.ValidationEnd - last);
            return;
        }

        series.ValidationEnd = count - (int)Math.Round(split.Test * count);
        series.TrainEnd = series.ValidationEnd - (int)Math.Round(split.Validation * count);
    }

    private string HashOf()
    {
        var hash = new SplitHash();
        foreach (TimeSeries series in Series)
        {
            ulong name = series.Key.IsNull ? 0 : Hash64.Of(ValueText.Format(series.Key));
            var keys = new ulong[series.Values.Count];
            var parts = new byte[keys.Length];
            for (int i = 0; i < keys.Length; i++)
            {
                keys[i] = Hash64.Combine(
                    Hash64.Combine(name, (ulong)series.Times[i]),
                    (ulong)BitConverter.DoubleToInt64Bits(series.Values[i]));
                parts[i] = (byte)(i < series.TrainEnd ? 0 : i < series.ValidationEnd ? 1 : 2);
            }

            hash.Add(keys, parts);
        }

        return hash.ToString();
    }
}
