using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// ml.drift: how far columns moved from one table to another, or from the rows that a model learned
/// from to those of a table.
/// </summary>
internal static class DriftRows
{
    private const double Stable = 0.1;
    private const double Moved = 0.25;

    /// <summary>The function.</summary>
    public static readonly ObjectFunction[] Functions =
    [
        new(
            "ml.drift",
            TakesModel: true,
            1,
            2,
            [],
            static _ =>
            [
                ("feature", DataType.Text), ("psi", DataType.Double), ("ks", DataType.Double),
                ("ks_probability", DataType.Double), ("missing_before", DataType.Double),
                ("missing_after", DataType.Double), ("verdict", DataType.Text),
            ],
            Run)
        {
            IsModelOptional = true,
        },
    ];

    private static IEnumerable<Value[]> Run(
        ObjectInputs inputs, Value[] values, ExecutionContext context)
    {
        if ((inputs.Model is null) != (inputs.Tables.Count == 2))
        {
            throw new NeuroStoreException(
                ErrorCode.WrongArgumentCount,
                "ml.drift compares two tables, or a model and one table.",
                inputs.Position);
        }

        JudgedPart after = JudgedPart.Of(inputs.Tables[^1].Plan, context);
        JudgedPart before;
        IReadOnlyList<string> names;
        if (inputs.Model is null)
        {
            before = JudgedPart.Of(inputs.Tables[0].Plan, context);
            names = [.. before.Columns.Select(static column => column.Name)];
        }
        else
        {
            ModelVersion version = ModelJudging.LoadHeads(inputs, context)[0].Whole;
            before = JudgedPart.Of(version, "train", context, inputs.Position);
            names = [.. version.Info.Inputs.Select(static input => input.Name)];
        }

        List<(string Name, int Before, int After)> columns = Common(names, before, after);
        List<ColumnSample> old = Read(before, [.. columns.Select(static it => it.Before)]);
        List<ColumnSample> now = Read(after, [.. columns.Select(static it => it.After)]);
        return columns.Select((column, i) => Compare(column.Name, old[i], now[i]));
    }

    private static List<(string Name, int Before, int After)> Common(
        IReadOnlyList<string> names, JudgedPart before, JudgedPart after)
    {
        static int IndexOf(JudgedPart part, string name) => part.Columns.ToList().FindIndex(
            column => string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase)
                && column.Type.Physical is not (PhysicalKind.Vector or PhysicalKind.Blob));
        return
        [
            .. names.Select(name => (name, IndexOf(before, name), IndexOf(after, name)))
                .Where(static it => it.Item2 >= 0 && it.Item3 >= 0),
        ];
    }

    private static List<ColumnSample> Read(JudgedPart part, int[] columns)
    {
        List<ColumnSample> samples = [.. columns.Select(column => new ColumnSample(
            part.Columns[column].Type.IsNumeric))];
        foreach (RowBatch batch in part.Read())
        {
            for (int i = 0; i < columns.Length; i++)
            {
                samples[i].Add(batch.Columns[columns[i]]);
            }
        }

        return samples;
    }

    private static Value[] Compare(string name, ColumnSample before, ColumnSample after)
    {
        bool isNumber = before.IsNumber && after.IsNumber;
        double index = isNumber
            ? Drift.StabilityIndex(before.Numbers, after.Numbers)
            : Drift.StabilityIndex(before.Texts, after.Texts);
        double distance = isNumber
            ? Drift.KolmogorovSmirnov(before.Numbers, after.Numbers) : double.NaN;
        double probability = isNumber
            ? Drift.KolmogorovSmirnovProbability(distance, before.Known, after.Known)
            : double.NaN;
        string verdict = before.Count == 0 || after.Count == 0 ? "no rows"
            : index < Stable ? "stable" : index < Moved ? "moved a little" : "moved";
        return
        [
            Value.Of(name), Value.Of(index), EvaluationLog.Number(distance),
            EvaluationLog.Number(probability), EvaluationLog.Number(before.Missing),
            EvaluationLog.Number(after.Missing), Value.Of(verdict),
        ];
    }
}
