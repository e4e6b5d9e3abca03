using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>The rows of ml.classification_report and ml.confusion_matrix.</summary>
internal static class ReportRows
{
    private const int HashLength = 8;
    private const int DigitsMax = 12;
    private const string Times = "\u00d7";
    private const string Dots = "\u2026";

    private static readonly (string Name, DataType Type)[] TableColumns =
    [
        ("class", DataType.Text), ("precision", DataType.Double), ("recall", DataType.Double),
        ("f1_score", DataType.Double), ("support", DataType.BigInt),
    ];

    /// <summary>The columns of ml.classification_report for its options.</summary>
    public static IReadOnlyList<(string Name, DataType Type)> ColumnsFor(Value[] options) =>
        LayoutOf(options[0]) == "table" ? TableColumns : [("report", DataType.Text)];

    /// <summary>ml.classification_report.</summary>
    public static IEnumerable<Value[]> Run(
        ObjectInputs inputs, Value[] values, ExecutionContext context)
    {
        string layout = LayoutOf(values[0]);
        string? sequence = ModelJudging.TextOf(values[3]);
        long digits = values[2].IsNull ? 3 : values[2].AsInt64();
        if (digits is < 0 or > DigitsMax)
        {
            throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange,
                $"digits is from 0 to {DigitsMax}, not {digits}.",
                inputs.Position);
        }

        if (inputs.Version?.Task == ModelTask.Tagger)
        {
            return TaggerReport.Run(inputs, layout, values[1], (int)digits, context);
        }

        (ModelVersion version, JudgedRows rows) = ModelJudging.Open(
            inputs, values[1], context, ModelTask.Classifier, sequence);
        JudgedMetric accuracy = rows.Judge()[0];
        if (layout == "entity")
        {
            return Lines(EntitiesOf(version, rows).ToText((int)digits)
                + Footer(version, rows, accuracy, (int)digits));
        }

        ClassificationReport report = ReportOf(version, rows);
        return layout == "text"
            ? Lines(report.ToText((int)digits) + Footer(version, rows, accuracy, (int)digits))
            : Table(report);
    }

    /// <summary>ml.confusion_matrix.</summary>
    public static IEnumerable<Value[]> Confusion(
        ObjectInputs inputs, Value[] values, ExecutionContext context)
    {
        if (inputs.Version?.Task == ModelTask.Tagger)
        {
            return TaggerReport.Confusion(inputs, values[0], context);
        }

        (ModelVersion version, JudgedRows rows) =
            ModelJudging.Open(inputs, values[0], context, ModelTask.Classifier);
        return Matrix(ReportOf(version, rows));
    }

    /// <summary>How often each class was said of each class.</summary>
    public static IReadOnlyList<Value[]> Matrix(ClassificationReport report)
    {
        var result = new List<Value[]>();
        for (int actual = 0; actual < report.Classes.Count; actual++)
        {
            for (int predicted = 0; predicted < report.Classes.Count; predicted++)
            {
                result.Add(
                [
                    Value.Of(report.Classes[actual].Name),
                    Value.Of(report.Classes[predicted].Name),
                    Value.Of(report.Matrix[actual, predicted]),
                ]);
            }
        }

        return result;
    }

    private static string LayoutOf(Value value)
    {
        string layout = value.IsNull ? "table" : value.AsText().ToLowerInvariant();
        return layout is "text" or "table" or "entity"
            ? layout
            : throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                $"There is no layout {layout}; a report has the layout table, text or entity.");
    }

    /// <summary>
    /// The report over the labels that are true or predicted of some row, sorted as values of the
    /// target: numbers by size, texts by code point.
    /// </summary>
    private static ClassificationReport ReportOf(ModelVersion version, JudgedRows rows)
    {
        int[] best = ModelJudge.BestOf(rows.Outputs, version.Model.OutputCount);
        string[] said = [.. best.Select(place => version.Labels[place])];
        DataType type = version.Info.TargetType;
        string[] labels = [.. rows.Texts.Concat(said).Distinct(StringComparer.Ordinal)];
        Array.Sort(labels, (left, right) => ValueOrder.Compare(
            type.Physical,
            ModelLabels.ValueOf(left, type),
            ModelLabels.ValueOf(right, type)));
        Dictionary<string, int> numbers = labels.Select((label, i) => (label, i))
            .ToDictionary(it => it.label, it => it.i, StringComparer.Ordinal);
        return new ClassificationReport(
            labels,
            [.. rows.Texts.Select(label => numbers[label])],
            [.. said.Select(label => numbers[label])]);
    }

    private static EntityReport EntitiesOf(ModelVersion version, JudgedRows rows)
    {
        int[] best = ModelJudge.BestOf(rows.Outputs, version.Model.OutputCount);
        var expected = new List<List<string>>();
        var predicted = new List<List<string>>();
        for (int row = 0; row < best.Length; row++)
        {
            if (row == 0 || rows.Sequences[row] != rows.Sequences[row - 1])
            {
                expected.Add([]);
                predicted.Add([]);
            }

            expected[^1].Add(rows.Texts[row]);
            predicted[^1].Add(version.Labels[best[row]]);
        }

        return new EntityReport(expected, predicted);
    }

    /// <summary>What one has to know beside the scores.</summary>
    private static string Footer(
        ModelVersion version,
        JudgedRows rows,
        JudgedMetric accuracy,
        int digits)
    {
        string F(double value) => ClassificationReport.Fixed(value, digits);
        string majority = version.Labels[ModelJudge.MajorityOf(rows.TrainedCounts())];
        string split = rows.Part.Data is { } data
            ? $"   split sha256 {data.SplitHash[..HashLength]}{Dots}" : "";
        long uses = rows.TestUses;
        string used = rows.Part.IsTest
            ? $"test set used {uses.ToString(CultureInfo.InvariantCulture)}{Times}"
            : $"{rows.Part.Name} rows, test set used "
                + $"{uses.ToString(CultureInfo.InvariantCulture)}{Times}";
        long read = rows.Count + rows.Rejected;
        return $"\nbaseline (majority class {majority}): accuracy {F(accuracy.Baseline)}{split}"
            + $"   {used}   95 % CI of accuracy [{F(accuracy.Low)}, {F(accuracy.High)}]\n"
            + string.Create(
                CultureInfo.InvariantCulture,
                $"rows {read} = {rows.Count} used + {rows.Rejected} rejected   ")
            + $"{accuracy.Verdict}   leakage {version.Facts.Leakage}\n";
    }

    /// <summary>A text as rows of its lines.</summary>
    public static IEnumerable<Value[]> Lines(string text) =>
        text.TrimEnd('\n').Split('\n').Select(static line => new[] { Value.Of(line) });

    /// <summary>Scores as a row.</summary>
    public static Value[] Row(ClassScores scores) =>
    [
        Value.Of(scores.Name), Value.Of(scores.Precision), Value.Of(scores.Recall),
        Value.Of(scores.F1), Value.Of(scores.Support),
    ];

    private static IEnumerable<Value[]> Table(ClassificationReport report)
    {
        return
        [
            .. report.Classes.Select(Row),
            [
                Value.Of("accuracy"), Value.Null, Value.Null, Value.Of(report.Accuracy),
                Value.Of(report.Matrix.Total),
            ],
            Row(report.MacroAverage),
            Row(report.WeightedAverage),
        ];
    }
}
