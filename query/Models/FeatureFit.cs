using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Lets the transforms of a model learn from the rows that train, and from no others.
/// </summary>
/// <param name="plan">The model.</param>
/// <param name="data">The rows.</param>
/// <param name="labels">The labels of a classifier, or null.</param>
internal sealed class FeatureFit(ModelPlan plan, ModelData data, LabelSet? labels)
{
    private const int PieceRows = 2048;

    /// <summary>The transforms with what they learned.</summary>
    public FeaturePipeline Run()
    {
        IEnumerable<RawRows> training = Training(plan.Features);
        return FeaturePipeline.Fit(
            plan.Features,
            plan.Transforms,
            plan.Partner.Length == 0
                ? training
                : training.Concat(Training([FeatureColumn.Text(plan.Partner)])));
    }

    private IEnumerable<RawRows> Training(IReadOnlyList<FeatureColumn> columns)
    {
        ModelRows rows = ModelRows.Bind(columns, plan.Query.Columns, plan.Position);
        RawRows raw = rows.NewRows(PieceRows);
        foreach (RowBatch batch in data.Read(SplitPart.Train))
        {
            for (int start = 0; start < batch.Count; start += PieceRows)
            {
                rows.Read(batch, start, Math.Min(PieceRows, batch.Count - start), raw);
                FillClasses(batch, start, raw);
                yield return raw;
            }
        }
    }

    private void FillClasses(RowBatch batch, int start, RawRows raw)
    {
        if (labels is null)
        {
            FillTargets(batch, start, raw);
            return;
        }

        raw.Classes = raw.Classes.Length == 0 ? new int[raw.CountMax] : raw.Classes;
        for (int row = 0; row < raw.Count; row++)
        {
            raw.Classes[row] = labels.NumberOf(
                ModelLabels.TextOf(batch.Columns[data.Target.Ordinal], start + row));
        }
    }

    private void FillTargets(RowBatch batch, int start, RawRows raw)
    {
        if (plan.Task != ModelTask.Regressor || data.Targets.Count != 1)
        {
            return;
        }

        raw.Targets = raw.Targets.Length == 0 ? new double[raw.CountMax] : raw.Targets;
        for (int row = 0; row < raw.Count; row++)
        {
            raw.Targets[row] = ModelTarget.NumberOf(
                batch.Columns[data.Target.Ordinal], start + row);
        }
    }
}
