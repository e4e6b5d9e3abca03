using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Reports, curves, intervals and splits against numbers known from elsewhere.</summary>
public sealed class EvaluationTests
{
    [Fact]
    public void The_report_is_that_of_scikit_learn_to_the_byte()
    {
        // print(classification_report([0,1,2,2,2], [0,0,2,2,1], target_names=[...]))
        var report = new ClassificationReport(
            ["class 0", "class 1", "class 2"], [0, 1, 2, 2, 2], [0, 0, 2, 2, 1]);
        const string Expected =
            "              precision    recall  f1-score   support\n\n"
            + "     class 0       0.50      1.00      0.67         1\n"
            + "     class 1       0.00      0.00      0.00         1\n"
            + "     class 2       1.00      0.67      0.80         3\n\n"
            + "    accuracy                           0.60         5\n"
            + "   macro avg       0.50      0.56      0.49         5\n"
            + "weighted avg       0.70      0.60      0.61         5\n";
        Assert.Equal(Expected, report.ToText());
    }

    [Theory]
    [InlineData(0.125, 2, "0.12")]
    [InlineData(0.375, 2, "0.38")]
    [InlineData(0.625, 2, "0.62")]
    [InlineData(0.285, 2, "0.28")]
    [InlineData(0.005, 2, "0.01")]
    [InlineData(0.0625, 3, "0.062")]
    [InlineData(1, 2, "1.00")]
    public void Decimals_are_rounded_as_printf_rounds_them(
        double value, int digits, string expected) =>
        Assert.Equal(expected, ClassificationReport.Fixed(value, digits));

    [Fact]
    public void Entities_are_right_only_as_a_whole()
    {
        var report = new EntityReport(
            [["O", "O", "O", "B-MISC", "I-MISC", "I-MISC", "O"], ["B-PER", "I-PER", "O"]],
            [["O", "O", "B-MISC", "I-MISC", "I-MISC", "I-MISC", "O"], ["B-PER", "I-PER", "O"]]);
        const string Expected =
            "              precision    recall  f1-score   support\n\n"
            + "        MISC       0.00      0.00      0.00         1\n"
            + "         PER       1.00      1.00      1.00         1\n\n"
            + "   micro avg       0.50      0.50      0.50         2\n"
            + "   macro avg       0.50      0.50      0.50         2\n"
            + "weighted avg       0.50      0.50      0.50         2\n";
        Assert.Equal(Expected, report.ToText());
    }

    [Fact]
    public void Labels_without_a_prefix_are_entities_of_their_own_name()
    {
        var report = new EntityReport(
            [["dog", "O", "x", "dog", "dog", "O"]], [["dog", "dog", "x", "O", "dog", "x"]]);
        Assert.Equal(["dog", "x"], report.Kinds.Select(static it => it.Name));
        Assert.Equal([2.0 / 3, 0.5], report.Kinds.Select(static it => it.Precision));
        Assert.Equal([2.0 / 3, 1], report.Kinds.Select(static it => it.Recall));
        Assert.Equal([3, 1], report.Kinds.Select(static it => it.Support));
    }

    [Fact]
    public void Ends_and_single_entities_of_IOBES_are_read()
    {
        var report = new EntityReport(
            [["B-PER", "E-PER", "S-PER", "O", "B-LOC", "I-LOC", "E-LOC", "I-LOC"]],
            [["B-PER", "I-PER", "B-PER", "O", "B-LOC", "I-LOC", "I-LOC", "B-LOC"]]);
        Assert.Equal([2, 2], report.Kinds.Select(static it => it.Support));
        Assert.Equal([1.0, 1.0], report.Kinds.Select(static it => it.F1));
    }

    [Fact]
    public void Areas_are_those_of_scikit_learn()
    {
        float[] scores = [0.1f, 0.4f, 0.35f, 0.8f];
        bool[] isPositive = [false, false, true, true];
        Assert.Equal(0.75, Ranking.RocArea(scores, isPositive), 1e-12);
        Assert.Equal(0.8333333333333333, Ranking.PrecisionArea(scores, isPositive), 1e-12);
        Assert.True(double.IsNaN(Ranking.RocArea(scores, new bool[4])));
    }

    [Fact]
    public void Calibration_compares_what_is_said_with_what_is()
    {
        float[] probabilities = [0.9f, 0.1f, 0.8f, 0.2f, 0.3f, 0.7f];
        int[] expected = [0, 1, 1];
        double brier = ((0.1 * 0.1) + (0.8 * 0.8) + (0.3 * 0.3)) / 3;
        Assert.Equal(brier, Calibration.Brier(probabilities, expected, 2), 1e-6);
        IReadOnlyList<CalibrationBin> bins = Calibration.Bins(probabilities, expected, 2);
        double error = ((1 - 0.9) + 0.8 + (1 - 0.7)) / 3;
        Assert.Equal(error, Calibration.ExpectedError(bins), 1e-6);
    }

    [Fact]
    public void Regression_metrics_follow_their_formulas()
    {
        RegressionMetrics metrics = RegressionMetrics.Of([3, -0.5f, 2, 7], [2.5f, 0, 2, 8]);
        Assert.Equal(0.5, metrics.MeanAbsoluteError, 1e-12);
        Assert.Equal(Math.Sqrt(0.375), metrics.RootMeanSquaredError, 1e-12);
        Assert.Equal(0.9486081370449679, metrics.R2, 1e-12);
        Assert.Equal(0.5, metrics.MedianAbsoluteError, 1e-12);
        Assert.Equal(0, RegressionMetrics.Of([1, 1], [1, 1]).R2);
    }

    [Fact]
    public void An_interval_holds_the_share_and_the_words_follow_from_it()
    {
        (double low, double high) = Confidence.Wilson(5, 10);
        Assert.Equal(0.2366, low, 1e-4);
        Assert.Equal(0.7634, high, 1e-4);
        Assert.Equal("not better than the baseline", Baseline.Compare(55, 100, 0.5));
        Assert.Equal("better than the baseline", Baseline.Compare(900, 1000, 0.5));
        Assert.Equal("worse than the baseline", Baseline.Compare(100, 1000, 0.5));
        (double from, double to) = Confidence.Bootstrap(
            100, rows => rows.Average(row => row % 2), 1, 500);
        Assert.InRange(0.5, from, to);
        Assert.InRange(to - from, 0.1, 0.3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_copy_of_the_target_is_found_among_the_features(int classes)
    {
        const int Rows = 60;
        float[] noise = LayerGradientTests.Numbers(Rows * 2, 1);
        var targets = new float[Rows];
        for (int i = 0; i < Rows; i++)
        {
            targets[i] = classes == 0 ? noise[2 * i] * 3 : i % classes;
            noise[2 * i] = targets[i];
        }

        (int feature, _) = Assert.Single(LeakageProbe.Find(noise, targets, classes));
        Assert.Equal(0, feature);
    }

    [Fact]
    public void A_split_is_stable_under_inserts_and_keeps_groups_and_shares()
    {
        var split = new DataSplit(0.2, 0.2, 5);
        ulong[] keys = [.. Enumerable.Range(0, 1000).Select(i => Hash64.Mix((ulong)i))];
        SplitPart[] parts = split.Divide(SplitKind.Random, keys);
        SplitPart[] fewer = split.Divide(SplitKind.Random, keys.AsSpan(0, 500));
        Assert.Equal(fewer, parts[..500]);
        Assert.InRange(parts.Count(part => part == SplitPart.Train), 550, 650);
        int[] classes = [.. Enumerable.Range(0, 1000).Select(i => i < 50 ? 1 : 0)];
        SplitPart[] even = split.Divide(SplitKind.Stratified, keys, classes);
        Assert.Equal(30, even[..50].Count(part => part == SplitPart.Train));
        SplitPart[] ordered = split.Divide(SplitKind.Ordered, keys);
        Assert.Equal(ordered.Order(), ordered);
        ulong[] groups = [.. Enumerable.Range(0, 1000).Select(i => (ulong)(i / 10))];
        SplitPart[] grouped = split.Divide(SplitKind.Grouped, groups);
        Assert.All(Enumerable.Range(0, 100), group =>
            Assert.Single(grouped.Skip(group * 10).Take(10).Distinct()));
        string hash = DataSplit.HashOf(keys, parts);
        Assert.Equal(
            hash,
            DataSplit.HashOf([.. keys.Reverse()], [.. parts.Reverse()]));
        Assert.NotEqual(hash, DataSplit.HashOf(keys, even));
    }
}
