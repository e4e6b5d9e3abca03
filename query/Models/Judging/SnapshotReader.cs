using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Takes snapshots of the columns that trained and of what a model says, so that later rows can be
/// compared with them even where the table has changed or the model has moved.
/// </summary>
internal static class SnapshotReader
{
    private const int RowsMax = 20_000;
    private const int ColumnsMax = 256;

    /// <summary>The snapshots of a training, as text.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="plan">The columns that the model reads, and what it says.</param>
    /// <param name="said">What it said of rows that it did not learn from.</param>
    /// <param name="package">The model.</param>
    public static string Take(
        ModelData data, ModelPlan plan, ModelOutcome said, ModelPackage package)
    {
        ModelColumn[] read =
            [.. plan.Inputs.Where(static it => CanCompare(it.Type)).Take(ColumnsMax)];
        int[] places = [.. read.Select(it => data.Query.IndexOf(it.Name))];
        ColumnSample[] samples =
            [.. read.Select(static it => new ColumnSample(it.Type.IsNumeric))];
        long step = Math.Max(1, data.CountOf(SplitPart.Train) / RowsMax);
        long row = 0;
        foreach (RowBatch batch in places.Length == 0 ? [] : data.Read(SplitPart.Train))
        {
            for (int i = 0; i < places.Length; i++)
            {
                samples[i].Add(batch.Columns[places[i]], (int)((step - (row % step)) % step), step);
            }

            row += batch.Count;
        }

        return FeatureSnapshot.Write(
            read.Select((column, i) => samples[i].IsNumber
                ? FeatureSnapshot.Of(column.Name, samples[i].Numbers)
                : FeatureSnapshot.Of(column.Name, samples[i].Texts))
            .Concat(Predictions(data, plan, said, package)));
    }

    /// <summary>What the predictions of a target are called among features.</summary>
    public static string NameOf(string target, int targets) =>
        targets <= 1 ? "(prediction)" : $"(prediction of {target})";

    /// <summary>The snapshot of predictions; none of models that say neither label nor number.
    /// </summary>
    public static IEnumerable<FeatureSnapshot> OfPredictions(
        string name, float[] outputs, ModelTask task, IReadOnlyList<string> labels)
    {
        if (outputs.Length == 0)
        {
            return [];
        }

        return task switch
        {
            ModelTask.Classifier =>
            [
                FeatureSnapshot.Of(
                    name,
                    [.. ModelJudge.BestOf(outputs, labels.Count).Select(it => labels[it])]),
            ],
            ModelTask.Regressor =>
                [FeatureSnapshot.Of(name, [.. outputs.Select(static it => (double)it)])],
            _ => [],
        };
    }

    private static IEnumerable<FeatureSnapshot> Predictions(
        ModelData data, ModelPlan plan, ModelOutcome said, ModelPackage package)
    {
        int count = data.Targets.Count;
        return TargetPlace.Of(package.Model, package.Labels, count).SelectMany((place, i) =>
            OfPredictions(
                NameOf(i == 0 ? plan.Target : plan.Others[i - 1].Name, count),
                said.Of(place, i, count).Outputs,
                plan.Task,
                place.Labels));
    }

    /// <summary>Whether values of a type can be compared so.</summary>
    public static bool CanCompare(DataType type) => type.Physical is not (PhysicalKind.Vector
        or PhysicalKind.CompactVector or PhysicalKind.Blob);
}
