using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// How a version came about: what its header remembers beside the weights. What changes afterwards
/// (how often the test rows were used) is not among it.
/// </summary>
internal sealed record ModelFacts
{
    private const int TargetsMax = 4096;

    /// <summary>The query that gave the rows.</summary>
    public string TrainQuery { get; init; } = "";

    /// <summary>What USING asked for, as it was written or chosen.</summary>
    public string Recipe { get; init; } = "";

    /// <summary>The options as they were written, in JSON.</summary>
    public string Options { get; init; } = "{}";

    /// <summary>How the rows were divided.</summary>
    public ModelSplit Split { get; init; } = new();

    /// <summary>The hash of which row has which part.</summary>
    public string SplitHash { get; init; } = "";

    /// <summary>The hash of the rows of the query; empty where it was not kept.</summary>
    public string SnapshotHash { get; init; } = "";

    /// <summary>The snapshot that was read, as a number of the store.</summary>
    public long Snapshot { get; init; }

    /// <summary>Where all randomness began.</summary>
    public long Seed { get; init; }

    /// <summary>Threads of the training.</summary>
    public int Threads { get; init; }

    /// <summary>The device of the training.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Rows that trained.</summary>
    public long RowsTrain { get; init; }

    /// <summary>Rows that validated.</summary>
    public long RowsValidation { get; init; }

    /// <summary>Rows that tested.</summary>
    public long RowsTest { get; init; }

    /// <summary>Rows that could not be used.</summary>
    public long RowsRejected { get; init; }

    /// <summary>Seconds of the training.</summary>
    public double Seconds { get; init; }

    /// <summary>The pass whose weights these are, or 0.</summary>
    public int BestEpoch { get; init; }

    /// <summary>What was measured: accuracy, r2, inertia; empty if nothing could be.</summary>
    public string Metric { get; init; } = "";

    /// <summary>The part that was measured on: test, validation or train.</summary>
    public string MetricPart { get; init; } = "";

    /// <summary>The metric.</summary>
    public double MetricValue { get; init; } = double.NaN;

    /// <summary>The lower end of its 95 % interval.</summary>
    public double MetricLow { get; init; } = double.NaN;

    /// <summary>The upper end.</summary>
    public double MetricHigh { get; init; } = double.NaN;

    /// <summary>The same metric of always saying the mean or the most frequent class.</summary>
    public double BaselineValue { get; init; } = double.NaN;

    /// <summary>The comparison of both in words.</summary>
    public string Verdict { get; init; } = "";

    /// <summary>The metric on the validation rows, by which versions are chosen.</summary>
    public double ValidationValue { get; init; } = double.NaN;

    /// <summary>The features that give the target away by themselves.</summary>
    public string Leakage { get; init; } = "none";

    /// <summary>What is remembered of each target; at least one.</summary>
    public IReadOnlyList<TargetFacts> Targets { get; init; } = [new TargetFacts()];

    /// <summary>The SHA-256 of all numbers of the model.</summary>
    public string WeightHash { get; init; } = "";

    /// <summary>When it was made, in microseconds since 1970-01-01 UTC.</summary>
    public long CreatedMicroseconds { get; init; }

    /// <summary>The comment that WITH gave.</summary>
    public string Comment { get; init; } = "";

    /// <summary>
    /// What the columns that trained were like, and what the model said of rows that it did not
    /// learn from: the text of a <see cref="FeatureSnapshot"/>, or nothing.
    /// </summary>
    public string Snapshots { get; init; } = "";

    /// <summary>What the training revealed at most of any row; 0 where nothing bounds it.
    /// </summary>
    public double PrivateEpsilon { get; init; }

    /// <summary>The probability that it revealed more; 0 where nothing bounds it.</summary>
    public double PrivateDelta { get; init; }

    /// <summary>What it and all versions before it revealed together.</summary>
    public double PrivateTotal { get; init; }

    /// <summary>The key that signed the file it came from; nothing if none did.</summary>
    public string SignedBy { get; init; } = "";

    /// <summary>The metric, as it was judged after the training.</summary>
    public JudgedMetric ToMetric() => new(
        Metric, MetricValue, BaselineValue, MetricLow, MetricHigh, true, Verdict);

    /// <summary>The facts of stored texts; what is missing is as if never told.</summary>
    public static ModelFacts Of(IReadOnlyDictionary<string, string> facts)
    {
        string Text(string name, string otherwise = "") => facts.GetValueOrDefault(name, otherwise);
        long Whole(string name) => long.TryParse(
            Text(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out long value)
            ? value : 0;
        double Number(string name, double otherwise = double.NaN) => double.TryParse(
            Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value : otherwise;
        return new ModelFacts
        {
            TrainQuery = Text("train_query"),
            Recipe = Text("recipe"),
            Options = Text("options", "{}"),
            Split = ModelSplit.Parse(Text("split")),
            SplitHash = Text("split_hash"),
            SnapshotHash = Text("snapshot_hash"),
            Snapshot = Whole("snapshot"),
            Seed = Whole("seed"),
            Threads = (int)Whole("threads"),
            Device = Text("device", "cpu"),
            RowsTrain = Whole("rows_train"),
            RowsValidation = Whole("rows_valid"),
            RowsTest = Whole("rows_test"),
            RowsRejected = Whole("rows_rejected"),
            Seconds = Number("seconds", 0),
            BestEpoch = (int)Whole("best_epoch"),
            Metric = Text("metric"),
            MetricPart = Text("metric_part"),
            MetricValue = Number("metric_value"),
            MetricLow = Number("metric_low"),
            MetricHigh = Number("metric_high"),
            BaselineValue = Number("baseline_value"),
            Verdict = Text("verdict"),
            ValidationValue = Number("validation_value"),
            Leakage = Text("leakage", "none"),
            Targets =
            [
                .. Enumerable.Range(0, (int)Math.Clamp(Whole("targets"), 1, TargetsMax))
                    .Select(target => TargetOf(facts, target)),
            ],
            WeightHash = Text("weight_hash"),
            CreatedMicroseconds = Whole("created"),
            Comment = Text("comment"),
            Snapshots = Text("snapshots"),
            SignedBy = Text("signed_by"),
            PrivateEpsilon = Number("dp_epsilon", 0),
            PrivateDelta = Number("dp_delta", 0),
            PrivateTotal = Number("dp_total", 0),
        };
    }

    private static TargetFacts TargetOf(IReadOnlyDictionary<string, string> facts, int target)
    {
        string Text(string name) => facts.GetValueOrDefault(NameOf(name, target), "");
        double Number(string name, double otherwise) => double.TryParse(
            Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value : otherwise;
        return new TargetFacts
        {
            Scale = new TargetScale(Number("target_mean", 0), Number("target_deviation", 1)),
            ValidationErrors = [.. Text("validation_errors")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(static part => double.Parse(part, CultureInfo.InvariantCulture))],
            Calibration = Text("calibration"),
        };
    }

    private static string NameOf(string name, int target) => target == 0
        ? name : string.Create(CultureInfo.InvariantCulture, $"{name}.{target}");

    /// <summary>The texts to store.</summary>
    public Dictionary<string, string> ToTexts()
    {
        static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);
        static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["train_query"] = TrainQuery,
            ["recipe"] = Recipe,
            ["options"] = Options,
            ["split"] = Split.ToString(),
            ["split_hash"] = SplitHash,
            ["snapshot_hash"] = SnapshotHash,
            ["snapshot"] = Whole(Snapshot),
            ["seed"] = Whole(Seed),
            ["threads"] = Whole(Threads),
            ["device"] = Device,
            ["rows_train"] = Whole(RowsTrain),
            ["rows_valid"] = Whole(RowsValidation),
            ["rows_test"] = Whole(RowsTest),
            ["rows_rejected"] = Whole(RowsRejected),
            ["seconds"] = Number(Seconds),
            ["best_epoch"] = Whole(BestEpoch),
            ["metric"] = Metric,
            ["metric_part"] = MetricPart,
            ["metric_value"] = Number(MetricValue),
            ["metric_low"] = Number(MetricLow),
            ["metric_high"] = Number(MetricHigh),
            ["baseline_value"] = Number(BaselineValue),
            ["verdict"] = Verdict,
            ["validation_value"] = Number(ValidationValue),
            ["leakage"] = Leakage,
            ["targets"] = Whole(Targets.Count),
            ["weight_hash"] = WeightHash,
            ["created"] = Whole(CreatedMicroseconds),
            ["comment"] = Comment,
            ["snapshots"] = Snapshots,
            ["signed_by"] = SignedBy,
            ["dp_epsilon"] = Number(PrivateEpsilon),
            ["dp_delta"] = Number(PrivateDelta),
            ["dp_total"] = Number(PrivateTotal),
        };
        for (int i = 0; i < Targets.Count; i++)
        {
            TargetFacts target = Targets[i];
            texts[NameOf("target_mean", i)] = Number(target.Scale.Mean);
            texts[NameOf("target_deviation", i)] = Number(target.Scale.Deviation);
            texts[NameOf("validation_errors", i)] =
                string.Join(' ', target.ValidationErrors.Select(Number));
            texts[NameOf("calibration", i)] = target.Calibration;
        }

        return texts;
    }
}
