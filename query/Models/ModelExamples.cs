using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// The rows of one part of a query as examples of a pipeline, read anew in each pass.
/// </summary>
/// <param name="data">The rows.</param>
/// <param name="part">The part.</param>
/// <param name="pipeline">How rows become features.</param>
/// <param name="labels">
/// The labels of each target of a classifier in the order of its outputs, or null.
/// </param>
/// <param name="position">The place in the statement.</param>
internal sealed class ModelExamples(
    ModelData data,
    SplitPart part,
    FeaturePipeline pipeline,
    IReadOnlyList<LabelSet>? labels,
    SourcePosition position) : IExampleSource
{
    private readonly ModelRows _rows =
        ModelRows.Bind(pipeline.Columns, data.Query.Columns, position);

    private long _count = -1;

    /// <inheritdoc/>
    public int FeatureCount { get; } = pipeline.Output.Length;

    /// <inheritdoc/>
    public int TargetCount => data.Target.Ordinal < 0 ? 0 : data.Targets.Count;

    /// <summary>As far as it is known: rows that give no features are found in a pass.</summary>
    public long Count => _count >= 0 ? _count : data.CountOf(part);

    /// <summary>Rows that gave no features in the last whole pass.</summary>
    public long UnusableCount { get; private set; }

    /// <summary>
    /// Whether rows with a label that was never trained are given, with the number -1.
    /// </summary>
    public bool KeepsUnknownLabels { get; init; }

    /// <summary>Whether a model learns from the rows, so that none may see its own target.
    /// </summary>
    public bool IsTraining { get; init; }

    /// <summary>The scale of each target; empty for targets as they are.</summary>
    public IReadOnlyList<TargetScale> Scales { get; init; } = [];

    /// <inheritdoc/>
    public IExampleReader Open(int pass) => new ModelExampleReader(this);

    /// <summary>All examples in memory.</summary>
    public (float[] Features, float[] Targets, int Count) ReadAll()
    {
        int room = (int)data.CountOf(part);
        var features = new float[(long)room * FeatureCount];
        var targets = new float[room * TargetCount];
        using IExampleReader reader = Open(0);
        int count = reader.Read(features, targets);
        return (features, targets, count);
    }

    /// <summary>The rows of the part.</summary>
    internal IEnumerable<RowBatch> Batches() => data.Read(part);

    /// <summary>
    /// Turns consecutive rows of a batch into examples, one behind the other; gives how many there
    /// are.
    /// </summary>
    internal int Fill(
        RowBatch batch, int start, RawRows raw, bool[] isUsable, float[] features, float[] targets)
    {
        int count = Math.Min(raw.CountMax, batch.Count - start);
        _rows.Read(batch, start, count, raw);
        raw.IsTraining = IsTraining;
        pipeline.Apply(raw, features, isUsable);
        int kept = 0;
        for (int row = 0; row < count; row++)
        {
            if (!isUsable[row] || !TryFillTargets(
                batch, start + row, targets.AsSpan(kept * TargetCount, TargetCount)))
            {
                continue;
            }

            if (kept < row)
            {
                features.AsSpan(row * FeatureCount, FeatureCount)
                    .CopyTo(features.AsSpan(kept * FeatureCount));
            }

            kept++;
        }

        return kept;
    }

    /// <summary>Room for raw rows.</summary>
    internal RawRows NewRows(int countMax) => _rows.NewRows(countMax);

    /// <summary>Says how many examples a whole pass had.</summary>
    internal void EndPass(long count, long unusable)
    {
        _count = count;
        UnusableCount = unusable;
    }

    private bool TryFillTargets(RowBatch batch, int row, Span<float> targets)
    {
        for (int i = 0; i < targets.Length; i++)
        {
            ColumnBuffer column = batch.Columns[data.Targets[i].Ordinal];
            if (labels is not null)
            {
                targets[i] = labels[i].NumberOf(ModelLabels.TextOf(column, row));
                if (targets[i] < 0 && !KeepsUnknownLabels)
                {
                    return false;
                }

                continue;
            }

            TargetScale scale = Scales.Count > i ? Scales[i] : TargetScale.None;
            targets[i] = (float)(
                (ModelTarget.NumberOf(column, row) - scale.Mean) / scale.Deviation);
        }

        return true;
    }
}
