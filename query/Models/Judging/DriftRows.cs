using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// ml.drift: how far columns moved from one table to another, or from the rows that a model learned
/// from, as they were then, to those of a table. What is measured of a model is kept and read as
/// neuro.drift.
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

    /// <summary>
    /// How far the columns that a model reads, and what it says, moved to the rows of a part.
    /// </summary>
    public static IReadOnlyList<Value[]> Measure(
        ModelVersion version,
        JudgedPart part,
        IReadOnlyList<(ModelVersion Head, JudgedRows Rows)> judged)
    {
        List<Value[]> result = [];
        IReadOnlyList<FeatureSnapshot> before = FeatureSnapshot.Read(version.Facts.Snapshots);
        List<(FeatureSnapshot Before, int After)> columns =
        [
            .. before.Select(it => (it, PlaceOf(part, it.Name))).Where(static it => it.Item2 >= 0),
        ];
        List<ColumnSample> now = Read(part, [.. columns.Select(static it => it.After)]);
        for (int i = 0; i < columns.Count; i++)
        {
            result.Add(Compare(SampleOf(columns[i].Before, now[i].IsNumber), now[i],
                columns[i].Before.Name, columns[i].Before.RowCount));
        }

        foreach ((ModelVersion head, JudgedRows rows) in judged)
        {
            string name = SnapshotReader.NameOf(head.Info.Target, judged.Count);
            FeatureSnapshot? said = before.FirstOrDefault(it => it.Name == name);
            if (said is not null && rows.Count > 0)
            {
                FeatureSnapshot says = SnapshotReader.OfPredictions(
                    name, rows.Outputs, head.Info.Task, head.Labels).First();
                result.Add(Compare(
                    SampleOf(said, says.IsNumber), SampleOf(says, says.IsNumber), name,
                    said.RowCount, rows.Count));
            }
        }

        return result;
    }

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
        if (inputs.Model is null)
        {
            return Tables(JudgedPart.Of(inputs.Tables[0].Plan, context), after);
        }

        ModelVersion version = ModelJudging.LoadHeads(inputs, context)[0].Whole;
        if (version.Facts.Snapshots.Length == 0)
        {
            JudgedPart trained = JudgedPart.Of(version, "train", context, inputs.Position);
            return Tables(
                trained with
                {
                    Columns = [.. trained.Columns.Select(it => version.Info.Inputs.Any(
                        input => Same(input.Name, it.Name)) ? it : it with { Name = "" })],
                },
                after);
        }

        List<(ModelVersion Head, JudgedRows Rows)> judged =
        [
            .. version.Heads.Select(head => (
                head, JudgedRows.ReadAll(head, after.For(head), inputs.Position))),
        ];
        IReadOnlyList<Value[]> found = Measure(version, after, judged);
        context.Models.Record(version.Info.Identity, found, judged[0].Rows.Count, context);
        return found;
    }

    private static IEnumerable<Value[]> Tables(JudgedPart before, JudgedPart after)
    {
        (string Name, int Before, int After)[] columns =
        [
            .. before.Columns.Where(static it => it.Name.Length > 0)
                .Select(it => (it.Name, PlaceOf(before, it.Name), PlaceOf(after, it.Name)))
                .Where(static it => it.Item2 >= 0 && it.Item3 >= 0),
        ];
        List<ColumnSample> old = Read(before, [.. columns.Select(static it => it.Before)]);
        List<ColumnSample> now = Read(after, [.. columns.Select(static it => it.After)]);
        return columns.Select((column, i) =>
            Compare(old[i], now[i], column.Name, old[i].Known));
    }

    private static int PlaceOf(JudgedPart part, string name) => part.Columns.ToList().FindIndex(
        column => Same(column.Name, name) && SnapshotReader.CanCompare(column.Type));

    private static bool Same(string left, string right) =>
        string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static List<ColumnSample> Read(JudgedPart part, int[] columns)
    {
        List<ColumnSample> samples = [.. columns.Select(column => new ColumnSample(
            part.Columns[column].Type.IsNumeric))];
        foreach (RowBatch batch in columns.Length == 0 ? [] : part.Read())
        {
            for (int i = 0; i < columns.Length; i++)
            {
                samples[i].Add(batch.Columns[columns[i]]);
            }
        }

        return samples;
    }

    private static ColumnSample SampleOf(FeatureSnapshot snapshot, bool isNumber) =>
        isNumber && snapshot.IsNumber ? new ColumnSample(snapshot.SampleNumbers())
        : snapshot.IsNumber
            ? new ColumnSample([.. snapshot.SampleNumbers().Select(static number =>
                double.IsNaN(number) ? null : LayerNames.Number(number))])
            : new ColumnSample(snapshot.SampleTexts());

    private static Value[] Compare(
        ColumnSample before, ColumnSample after, string name, long oldRows, long? newRows = null)
    {
        bool isNumber = before.IsNumber && after.IsNumber;
        double index = isNumber
            ? Drift.StabilityIndex(before.Numbers, after.Numbers)
            : Drift.StabilityIndex(before.Texts, after.Texts);
        double distance = isNumber
            ? Drift.KolmogorovSmirnov(before.Numbers, after.Numbers) : double.NaN;
        double probability = isNumber
            ? Drift.KolmogorovSmirnovProbability(distance, oldRows, newRows ?? after.Known)
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
