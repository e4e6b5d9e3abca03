using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>Reads rows as series.</summary>
internal sealed class SeriesReader
{
    private readonly ForecastSpec _spec;
    private readonly SourcePosition _position;
    private readonly int _time;
    private readonly int _series;
    private readonly int _target;
    private readonly Dictionary<string, TimeSeries> _found = new(StringComparer.Ordinal);

    /// <summary>A reader of rows with columns.</summary>
    public SeriesReader(
        ForecastSpec spec, IReadOnlyList<ModelColumn> columns, SourcePosition position)
    {
        _spec = spec;
        _position = position;
        _time = IndexOf(columns, spec.Time, "of times");
        _series = spec.Series.Length == 0 ? -1 : IndexOf(columns, spec.Series, "of series");
        _target = IndexOf(columns, spec.Target, "to forecast");
        Check(columns[_time], columns[_time].Type.Physical == PhysicalKind.Int64, "a time");
        Check(columns[_target], columns[_target].Type.IsNumeric, "a number");
    }

    /// <summary>Rows without a time, a series or a number.</summary>
    public long Rejected { get; private set; }

    /// <summary>The rows that were read.</summary>
    public long Count { get; private set; }

    /// <summary>The series by their keys, each in the order of time.</summary>
    public IReadOnlyList<TimeSeries> Read(IEnumerable<RowBatch> batches)
    {
        foreach (RowBatch batch in batches)
        {
            Add(batch);
        }

        TimeSeries[] all = [.. _found.OrderBy(static it => it.Key, StringComparer.Ordinal)
            .Select(static it => it.Value)];
        foreach (TimeSeries series in all)
        {
            Sort(series);
        }

        return all.Length > 0 ? all : throw NeuralErrors.UntrainableData(
            Count == 0 ? "There are no rows to forecast from."
            : $"None of the {Count} rows has a time and a number.");
    }

    private void Add(RowBatch batch)
    {
        for (int row = 0; row < batch.Count; row++)
        {
            Count++;
            double value = ModelTarget.NumberOf(batch.Columns[_target], row);
            bool isThere = !batch.Columns[_time].IsNull(row) && double.IsFinite(value)
                && (_series < 0 || !batch.Columns[_series].IsNull(row));
            if (!isThere)
            {
                Rejected++;
                continue;
            }

            string key = _series < 0 ? "" : ValueText.Format(batch.Columns[_series], row);
            if (!_found.TryGetValue(key, out TimeSeries? series))
            {
                series = new TimeSeries(
                    _series < 0 ? Value.Null : batch.Columns[_series].GetValue(row));
                _found.Add(key, series);
            }

            series.Times.Add(((ColumnBuffer<long>)batch.Columns[_time]).Stored[row]);
            series.Values.Add(value);
        }
    }

    private void Sort(TimeSeries series)
    {
        long[] times = [.. series.Times];
        double[] values = [.. series.Values];
        Array.Sort(times, values);
        for (int i = 1; i < times.Length; i++)
        {
            if (times[i] == times[i - 1])
            {
                throw NeuralErrors.UntrainableData(
                    $"Two rows of {series.Name} have the same {_spec.Time}. Give one value for "
                    + "each time, as with GROUP BY; series of one table are told apart by WITH "
                    + "(series = 'column').");
            }
        }

        series.Times.Clear();
        series.Times.AddRange(times);
        series.Values.Clear();
        series.Values.AddRange(values);
    }

    private void Check(ModelColumn column, bool fits, string wanted)
    {
        if (!fits)
        {
            throw new NeuroStoreException(
                ErrorCode.TypeMismatch,
                $"{column.Name} is to be {wanted}, and it is of the type {column.Type}.",
                _position);
        }
    }

    private int IndexOf(IReadOnlyList<ModelColumn> columns, string name, string purpose)
    {
        for (int i = 0; i < columns.Count; i++)
        {
            if (string.Equals(columns[i].Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        throw new NeuroStoreException(
            ErrorCode.UnknownColumn,
            $"The rows have no column {name} {purpose}."
            + NearMatch.Hint(name, columns.Select(static it => it.Name)),
            _position);
    }
}
