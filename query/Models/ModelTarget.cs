using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// What rows are to be predicted to be: the target column of a query as numbers or labels, with
/// what its training rows say about a guess without features.
/// </summary>
internal sealed class ModelTarget(int ordinal, ModelTask task)
{
    private readonly Dictionary<string, long> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _trained = new(StringComparer.Ordinal);
    private long _count;
    private double _mean;
    private double _squares;

    /// <summary>The most labels of a classifier.</summary>
    public const int LabelsMax = 10_000;

    /// <summary>The column, or -1 if nothing is predicted.</summary>
    public int Ordinal { get; } = ordinal;

    /// <summary>Whether values are labels.</summary>
    public bool IsLabel => task == ModelTask.Classifier;

    /// <summary>The labels of the training rows.</summary>
    public LabelSet Labels => new(_trained.Keys);

    /// <summary>The mean of the numbers of the training rows.</summary>
    public double Mean => _mean;

    /// <summary>Their standard deviation; 1 if they are all equal.</summary>
    public double Deviation => _count > 0 && _squares > 0 ? Math.Sqrt(_squares / _count) : 1;

    /// <summary>The targets of a model; one without a column if it has none.</summary>
    public static IReadOnlyList<ModelTarget> Of(
        IReadOnlyList<ModelColumn> targets, ModelQuery query, ModelTask task) =>
        targets.Count == 0
            ? [new ModelTarget(-1, task)]
            : [.. targets.Select(it => new ModelTarget(query.IndexOf(it.Name), task))];

    /// <summary>Training rows with a label.</summary>
    public long TrainedWith(string label) => _trained.GetValueOrDefault(label);

    /// <summary>Whether the target of a row can be used; its label is remembered.</summary>
    public bool IsUsable(RowBatch batch, int row)
    {
        if (Ordinal < 0)
        {
            return true;
        }

        ColumnBuffer column = batch.Columns[Ordinal];
        if (!IsLabel)
        {
            return float.IsFinite((float)NumberOf(column, row));
        }

        if (ModelLabels.TextOf(column, row) is not { } label)
        {
            return false;
        }

        _seen.TryAdd(label, 0);
        return _seen.Count <= LabelsMax ? true : throw new NeuroStoreException(
            ErrorCode.UntrainableData,
            $"The target has more than {LabelsMax} different values. A classifier is for few; "
            + "for numbers write TYPE regressor.");
    }

    /// <summary>Remembers the target of a row that trains.</summary>
    public void ObserveTraining(RowBatch batch, int row)
    {
        if (Ordinal < 0)
        {
            return;
        }

        ColumnBuffer column = batch.Columns[Ordinal];
        if (IsLabel)
        {
            string label = ModelLabels.TextOf(column, row)!;
            _trained[label] = _trained.GetValueOrDefault(label) + 1;
            return;
        }

        double number = NumberOf(column, row);
        _count++;
        double difference = number - _mean;
        _mean += difference / _count;
        _squares += difference * (number - _mean);
    }

    /// <summary>The number of one value; NaN for NULL.</summary>
    public static double NumberOf(ColumnBuffer column, int row) =>
        column.IsNull(row) ? double.NaN : column switch
        {
            ColumnBuffer<long> values => values.Stored[row],
            ColumnBuffer<double> values => values.Stored[row],
            ColumnBuffer<decimal> values => (double)values.Stored[row],
            _ => double.NaN,
        };
}
