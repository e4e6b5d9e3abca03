using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>The rows of ml.roc_curve, ml.pr_curve and ml.calibration.</summary>
internal static class CurveRows
{
    /// <summary>ml.roc_curve.</summary>
    public static IEnumerable<Value[]> Roc(
        ObjectInputs inputs, Value[] values, ExecutionContext context)
    {
        var result = new List<Value[]>();
        foreach ((string label, float[] scores, bool[] isPositive) in
            Curves(inputs, values, context))
        {
            Value area = EvaluationLog.Number(Ranking.RocArea(scores, isPositive));
            foreach ((double falseRate, double trueRate, double threshold) in
                Ranking.RocCurve(scores, isPositive))
            {
                result.Add(
                [
                    Value.Of(label), Value.Of(threshold), EvaluationLog.Number(falseRate),
                    EvaluationLog.Number(trueRate), area,
                ]);
            }
        }

        return result;
    }

    /// <summary>ml.pr_curve.</summary>
    public static IEnumerable<Value[]> PrecisionRecall(
        ObjectInputs inputs, Value[] values, ExecutionContext context)
    {
        var result = new List<Value[]>();
        foreach ((string label, float[] scores, bool[] isPositive) in
            Curves(inputs, values, context))
        {
            Value area = EvaluationLog.Number(Ranking.PrecisionArea(scores, isPositive));
            foreach ((double recall, double precision, double threshold) in
                Ranking.PrecisionCurve(scores, isPositive))
            {
                result.Add(
                [
                    Value.Of(label), Value.Of(threshold), Value.Of(precision),
                    EvaluationLog.Number(recall), area,
                ]);
            }
        }

        return result;
    }

    /// <summary>ml.calibration.</summary>
    public static IEnumerable<Value[]> Calibrate(
        ObjectInputs inputs, Value[] values, ExecutionContext context)
    {
        (ModelVersion version, JudgedRows rows) =
            ModelJudging.Open(inputs, values[0], context, ModelTask.Classifier);
        int classes = version.Labels.Count;
        float[] outputs = rows.Outputs;
        int[] truth = rows.Classes;
        IReadOnlyList<CalibrationBin> bins = Calibration.Bins(outputs, truth, classes);
        Value error = Value.Of(Calibration.ExpectedError(bins));
        Value brier = EvaluationLog.Number(
            rows.Count == 0 ? double.NaN : Calibration.Brier(outputs, truth, classes));
        return bins.Select(bin => new[]
        {
            Value.Of(bin.Low), Value.Of(bin.High), Value.Of(bin.Count),
            bin.Count == 0 ? Value.Null : Value.Of(bin.MeanProbability),
            bin.Count == 0 ? Value.Null : Value.Of(bin.Share), error, brier,
        });
    }

    /// <summary>The scores of each label that is asked for.</summary>
    private static IEnumerable<(string Label, float[] Scores, bool[] IsPositive)> Curves(
        ObjectInputs inputs, Value[] values, ExecutionContext context)
    {
        ModelVersion known = ModelJudging.Load(inputs, context, ModelTask.Classifier);
        IReadOnlyList<string> labels = Asked(known, ModelJudging.TextOf(values[0]), inputs);
        (ModelVersion version, JudgedRows rows) =
            ModelJudging.Open(inputs, values[1], context, ModelTask.Classifier);
        float[] outputs = rows.Outputs;
        int width = version.Model.OutputCount;
        foreach (string label in labels)
        {
            int place = version.Labels.ToList().IndexOf(label);
            yield return (
                label,
                [.. Enumerable.Range(0, rows.Count).Select(row => outputs[(row * width) + place])],
                [.. rows.Texts.Select(text => text == label)]);
        }
    }

    private static IReadOnlyList<string> Asked(
        ModelVersion version, string? label, ObjectInputs inputs)
    {
        if (label is null)
        {
            return version.Labels.Count == 2 ? [version.Labels[1]] : version.Labels;
        }

        return version.Labels.Contains(label)
            ? [label]
            : throw new NeuroStoreException(
                ErrorCode.UnknownObject,
                $"The model {version.Name} knows no label {label}."
                + NearMatch.Hint(label, version.Labels),
                inputs.Position);
    }
}
