using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Rows whose truth is known beside what a version says of them. Rows that give no features, or
/// have no target, are counted and left out.
/// </summary>
internal sealed class JudgedRows
{
    private const int Piece = 1024;
    private const int PieceFloats = 1 << 20;
    private const long NumbersMax = 1L << 29;
    private readonly List<float> _outputs = [];
    private readonly List<float> _features = [];
    private readonly List<float> _numbers = [];
    private readonly List<int> _classes = [];
    private readonly List<string> _texts = [];
    private readonly List<long> _places = [];
    private readonly ModelVersion _version;
    private readonly JudgedPart _part;
    private readonly LabelSet _labels;
    private readonly int _target;
    private readonly bool _keepsFeatures;

    private readonly List<string> _sequences = [];
    private readonly int _sequence;

    private JudgedRows(
        ModelVersion version,
        JudgedPart part,
        bool keepsFeatures,
        string? sequence,
        bool isJudged = true)
    {
        _version = version;
        _part = part;
        Name = part.Name;
        _labels = new LabelSet(version.Labels);
        _keepsFeatures = keepsFeatures;
        _target = version.Info.Target.Length == 0 || !isJudged ? -1
            : IndexOf(part, version.Info.Target, "which says what is true");
        _sequence = sequence is null ? -1
            : IndexOf(part, sequence, "which says what belongs together");
    }

    /// <summary>The part.</summary>
    public JudgedPart Part => _part;

    /// <summary>What the rows are called in reports: the part, and what changed them.</summary>
    public string Name { get; set; }

    /// <summary>How many rows there are.</summary>
    public int Count => _places.Count;

    /// <summary>What changes rows before they judge; null if nothing does.</summary>
    private ModelAttack? Attack { get; init; }

    /// <summary>Rows that could not be used.</summary>
    public long Rejected { get; private set; }

    /// <summary>How often the test rows of the model were looked at, this time included.</summary>
    public long TestUses { get; set; }

    /// <summary>(rows, outputs).</summary>
    public float[] Outputs => [.. _outputs];

    /// <summary>(rows, features), if they were asked for.</summary>
    public float[] Features => [.. _features];

    /// <summary>The number of the label of each row; -1 for one that never trained.</summary>
    public int[] Classes => [.. _classes];

    /// <summary>The label of each row of a classifier.</summary>
    public IReadOnlyList<string> Texts => _texts;

    /// <summary>The number to be predicted of each row of a regressor.</summary>
    public float[] Numbers => [.. _numbers];

    /// <summary>The number of each row among those read, from 1.</summary>
    public IReadOnlyList<long> Places => _places;

    /// <summary>What each row belongs to; one text for all if nobody asked.</summary>
    public IReadOnlyList<string> Sequences => _sequences;

    /// <summary>Reads rows and predicts.</summary>
    public static JudgedRows Read(
        ModelVersion version,
        JudgedPart part,
        SourcePosition position,
        bool keepsFeatures = false,
        string? sequence = null,
        ModelAttack? attack = null)
    {
        var rows = new JudgedRows(version, part, keepsFeatures, sequence) { Attack = attack };
        rows.Read(position);
        return rows;
    }

    /// <summary>Reads rows and predicts, whether they have a target or not.</summary>
    public static JudgedRows ReadAll(
        ModelVersion version, JudgedPart part, SourcePosition position)
    {
        var rows = new JudgedRows(version, part, keepsFeatures: false, null, isJudged: false);
        rows.Read(position);
        return rows;
    }

    /// <summary>Raises an error if there are no rows.</summary>
    public void RequireSome()
    {
        if (Count == 0)
        {
            throw NeuralErrors.UntrainableData(
                $"None of the rows can judge {_version.Name}: {Rejected} of them have no usable "
                + "target or feature.");
        }
    }

    /// <summary>All metrics.</summary>
    public IReadOnlyList<JudgedMetric> Judge()
    {
        RequireSome();
        ulong seed = (ulong)_version.Facts.Seed;
        return _version.Info.Task switch
        {
            ModelTask.Classifier => ModelJudge.OfClasses(Outputs, Classes, TrainedCounts(), seed),
            ModelTask.Regressor => ModelJudge.OfNumbers(Outputs, Numbers, TrainedMean(), seed),
            ModelTask.Cluster => ModelJudge.OfClusters(
                [.. _outputs.Where(static (_, i) => i % 2 == 1)], Features),
            ModelTask.Embedder
                when EmbedderJudge.Of(_version.Model, Features) is { } metric => [metric],
            _ => [JudgedMetric.Alone("mean_output", _outputs.Average(), false)],
        };
    }

    /// <summary>
    /// Rows of each class that trained; of rows that were given, their own, which is harder to
    /// beat.
    /// </summary>
    public long[] TrainedCounts() => _part.Data is { } data
        ? [.. _version.Labels.Select(data.Target.TrainedWith)]
        : [.. _version.Labels.Select((_, i) => _classes.LongCount(label => label == i))];

    private double TrainedMean() =>
        _part.Data is { } data ? data.Target.Mean : _numbers.Average(static it => (double)it);

    private static int IndexOf(JudgedPart part, string name, string why)
    {
        for (int i = 0; i < part.Columns.Count; i++)
        {
            if (string.Equals(part.Columns[i].Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        throw new NeuroStoreException(
            ErrorCode.UnknownColumn,
            $"The rows have no column {name}, {why}."
            + NearMatch.Hint(name, part.Columns.Select(static it => it.Name)));
    }

    private void Read(SourcePosition position)
    {
        FeaturePipeline pipeline = _version.Pipeline;
        Model model = _version.Model;
        ModelRows reader = ModelRows.Bind(pipeline.Columns, _part.Columns, position);
        int width = pipeline.Output.Length;
        int piece = Math.Clamp(PieceFloats / Math.Max(1, width), 1, Piece);
        RawRows raw = reader.NewRows(piece);
        var features = new float[piece * width];
        var outputs = new float[piece * model.OutputCount];
        var isUsable = new bool[piece];
        long place = 0;
        Action<Memory<float>, float[], int>? attack = Attack?.Against(_version, piece);
        foreach (RowBatch batch in _part.Read())
        {
            for (int start = 0; start < batch.Count; start += piece)
            {
                int count = Math.Min(piece, batch.Count - start);
                reader.Read(batch, start, count, raw);
                pipeline.Apply(raw, features, isUsable);
                attack?.Invoke(
                    features.AsMemory(0, count * width), TruthOf(batch, start, count), count);
                model.Predict(features.AsMemory(0, count * width), count, outputs);
                for (int i = 0; i < count; i++)
                {
                    place++;
                    if (isUsable[i] && TryAddTarget(batch, start + i))
                    {
                        _places.Add(place);
                        _sequences.Add(_sequence < 0 || batch.Columns[_sequence].IsNull(start + i)
                            ? "" : ValueText.Format(batch.Columns[_sequence], start + i));
                        _outputs.AddRange(
                            outputs.AsSpan(i * model.OutputCount, model.OutputCount));
                        _features.AddRange(_keepsFeatures || IsJudgedByFeatures
                            ? features.AsSpan(i * width, width) : []);
                    }
                    else
                    {
                        Rejected++;
                    }
                }
            }

            CheckSize();
        }
    }

    // A row without a truth is left out later, and its class is none until then.
    private float[] TruthOf(RowBatch batch, int start, int count)
    {
        Invariant.Check(_target >= 0);
        ColumnBuffer column = batch.Columns[_target];
        var truth = new float[count];
        for (int i = 0; i < count; i++)
        {
            double number = _version.Info.Task == ModelTask.Classifier
                ? ModelLabels.TextOf(column, start + i) is { } label ? _labels.NumberOf(label) : -1
                : ModelTarget.NumberOf(column, start + i);
            truth[i] = double.IsNaN(number) ? 0 : (float)number;
        }

        return truth;
    }

    private bool IsJudgedByFeatures => _version.Info.Task == ModelTask.Cluster
        || (_version.Info.Task == ModelTask.Embedder && Count <= EmbedderJudge.TextsMax);

    private bool TryAddTarget(RowBatch batch, int row)
    {
        if (_target < 0)
        {
            return true;
        }

        ColumnBuffer column = batch.Columns[_target];
        if (_version.Info.Task != ModelTask.Classifier)
        {
            double number = ModelTarget.NumberOf(column, row);
            if (float.IsFinite((float)number))
            {
                _numbers.Add((float)number);
                return true;
            }

            return false;
        }

        if (ModelLabels.TextOf(column, row) is not { } label)
        {
            return false;
        }

        _texts.Add(label);
        _classes.Add(_labels.NumberOf(label));
        return true;
    }

    private void CheckSize()
    {
        if ((long)_outputs.Count + _features.Count > NumbersMax)
        {
            throw new ResourceLimitException(
                ErrorCode.ResourceLimit,
                "There are more rows to judge by than fit into memory; give fewer by ON (query "
                + "LIMIT n).");
        }
    }
}
