using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// The rows of ml.regression_report: one for each part of the rows, so that what was learned by
/// heart is seen beside what holds for others.
/// </summary>
internal static class RegressionRows
{
    /// <summary>The columns.</summary>
    public static readonly (string Name, DataType Type)[] Columns =
    [
        ("split", DataType.Text), ("n", DataType.BigInt), ("mae", DataType.Double),
        ("rmse", DataType.Double), ("r2", DataType.Double), ("median_ae", DataType.Double),
        ("baseline_mae", DataType.Double), ("better_by", DataType.Double),
        ("verdict", DataType.Text), ("leakage", DataType.Text), ("rejected", DataType.BigInt),
        ("split_hash", DataType.Text), ("test_uses", DataType.BigInt),
    ];

    /// <summary>ml.regression_report.</summary>
    public static IEnumerable<Value[]> Run(
        ObjectInputs inputs, Value[] values, ExecutionContext context)
    {
        ModelVersion version = ModelJudging.Load(inputs, context, ModelTask.Regressor);
        if (inputs.Tables.Count > 0)
        {
            JudgedPart given = JudgedPart.Of(inputs.Tables[0].Plan, context);
            return [Row(version, given, inputs, context)];
        }

        ModelData data = JudgedPart.Divide(version, context, inputs.Position);
        var rows = new List<Value[]>();
        foreach (SplitPart part in (SplitPart[])
            [SplitPart.Train, SplitPart.Validation, SplitPart.Test])
        {
            if (data.CountOf(part) > 0)
            {
                var judged = new JudgedPart(
                    part.ToString().ToLowerInvariant(),
                    data.Query.Columns,
                    data,
                    () => data.Read(part));
                rows.Add(Row(version, judged, inputs, context));
            }
        }

        return rows;
    }

    private static Value[] Row(
        ModelVersion version, JudgedPart part, ObjectInputs inputs, ExecutionContext context)
    {
        long uses = EvaluationLog.CountUse(version, part, context);
        JudgedRows rows = JudgedRows.Read(version, part, inputs.Position);
        Dictionary<string, JudgedMetric> metrics = rows.Judge().ToDictionary(it => it.Name);
        JudgedMetric error = metrics["mae"];
        return
        [
            Value.Of(part.Name), Value.Of((long)rows.Count), Value.Of(error.Value),
            Value.Of(metrics["rmse"].Value), Value.Of(metrics["r2"].Value),
            Value.Of(metrics["median_ae"].Value), Value.Of(error.Baseline),
            error.Baseline > 0 ? Value.Of(1 - (error.Value / error.Baseline)) : Value.Null,
            Value.Of(error.Verdict.Replace(
                "the baseline", "the mean", StringComparison.Ordinal)),
            Value.Of(version.Facts.Leakage), Value.Of(rows.Rejected),
            part.Data is null ? Value.Null : Value.Of(part.Data.SplitHash),
            Value.Of(uses),
        ];
    }
}
