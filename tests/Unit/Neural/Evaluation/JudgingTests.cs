using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Metrics beside baselines, doubtful labels, duplicates, drift and explanations.
/// </summary>
public sealed class JudgingTests
{
    private static readonly SystemWorkers Workers = new(1);

    [Fact]
    public void Classes_are_judged_beside_the_most_frequent_one()
    {
        float[] probabilities =
            [0.8f, 0.1f, 0.1f, 0.6f, 0.3f, 0.1f, 0, 0, 1, 0.2f, 0.2f, 0.6f, 0.1f, 0.5f, 0.4f];
        Dictionary<string, JudgedMetric> metrics = ModelJudge
            .OfClasses(probabilities, [0, 1, 2, 2, 2], [1, 1, 8], 1).ToDictionary(it => it.Name);
        Assert.Equal(0.6, metrics["accuracy"].Value, 1e-12);
        Assert.Equal(0.6, metrics["accuracy"].Baseline, 1e-12);
        Assert.Equal("not better than the baseline", metrics["accuracy"].Verdict);
        Assert.Equal(((2.0 / 3) + 0 + 0.8) / 3, metrics["f1_macro"].Value, 1e-12);
        Assert.Equal(0.75 / 3, metrics["f1_macro"].Baseline, 1e-12);
        double logs = Math.Log(0.8) + Math.Log(0.3) + Math.Log(0.6) + Math.Log(0.4);
        Assert.Equal(-logs / 5, metrics["log_loss"].Value, 1e-6);
        Assert.Equal(0.5, metrics["roc_auc"].Baseline);
        Assert.InRange(metrics["f1_macro"].Low, 0, metrics["f1_macro"].Value);
    }

    [Fact]
    public void A_label_that_never_trained_counts_as_wrong()
    {
        IReadOnlyList<JudgedMetric> metrics = ModelJudge.OfClasses(
            new float[] { 1, 0, 0, 1 }, [0, -1], [5, 5], 1);
        Assert.Equal(0.5, metrics[0].Value);
        Assert.Equal(0.5, metrics[0].Baseline);
    }

    [Fact]
    public void Numbers_are_judged_beside_the_mean_and_no_rows_give_no_verdict()
    {
        float[] expected = [.. Enumerable.Range(0, 200).Select(i => (float)i)];
        float[] near = [.. expected.Select((value, i) => value + (i % 2 == 0 ? 3 : -3))];
        Dictionary<string, JudgedMetric> good =
            ModelJudge.OfNumbers(near, expected, 99.5, 1).ToDictionary(it => it.Name);
        Assert.Equal(3, good["mae"].Value, 1e-6);
        Assert.Equal(50, good["mae"].Baseline, 1e-6);
        Assert.Equal(3, good["rmse"].Value, 1e-6);
        Assert.Equal("better than the baseline", good["mae"].Verdict);
        Assert.Equal(0, good["r2"].Baseline, 1e-6);
        float[] noise = LayerGradientTests.Numbers(200, 4);
        float[] other = LayerGradientTests.Numbers(200, 5);
        Assert.NotEqual(
            "better than the baseline",
            ModelJudge.OfNumbers(noise, other, other.Average(), 1)[0].Verdict);
        Assert.All(
            ModelJudge.OfNumbers([], [], 0, 1), metric => Assert.Equal("", metric.Verdict));
        Assert.All(
            ModelJudge.OfClasses([], [], [1, 2], 1),
            metric => Assert.True(double.IsNaN(metric.Value) && metric.Verdict.Length == 0));
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.8)]
    [InlineData(1)]
    public void Near_duplicates_are_those_that_all_pairs_show(double threshold)
    {
        var random = new SeededRandomSource(7);
        var rows = new List<ulong[]>();
        for (int i = 0; i < 150; i++)
        {
            ulong[] row = [.. Enumerable.Range(0, 1 + (int)(random.NextUInt64() % 12))
                .Select(_ => random.NextUInt64() % 40)];
            rows.Add(i % 3 == 0 && i > 0 ? [.. rows[i - 1].Skip(i % 2)] : row);
        }

        (int, int)[] found = [.. NearDuplicates.Find(rows, threshold, default)
            .Where(pair => pair.Similarity < 1).Select(pair => (pair.First, pair.Second)).Order()];
        var firsts = new List<int>();
        for (int i = 0; i < rows.Count; i++)
        {
            if (!firsts.Any(other => rows[other].ToHashSet().SetEquals(rows[i])))
            {
                firsts.Add(i);
            }
        }

        (int, int)[] all = [.. firsts
            .SelectMany(i => firsts.Where(j => j > i).Select(j => (i, j)))
            .Where(pair =>
            {
                HashSet<ulong> union = [.. rows[pair.i], .. rows[pair.j]];
                int common = rows[pair.i].Distinct().Intersect(rows[pair.j]).Count();
                return union.Count > 0 && common >= (threshold * union.Count) - 1e-9;
            }).Order()];
        Assert.Equal(all, found);
        Assert.Equal(
            rows.Count - firsts.Count,
            NearDuplicates.Find(rows, threshold, default).Count(pair => pair.Similarity == 1));
    }

    [Fact]
    public void Planted_wrong_labels_are_found()
    {
        float[] features = LayerGradientTests.Numbers(1600, 3);
        int[] truth = [.. Enumerable.Range(0, 400).Select(row => row % 3)];
        for (int i = 0; i < features.Length; i++)
        {
            features[i] += i % 4 == truth[i / 4] ? 2.5f : 0;
        }

        int[] labels = [.. truth];
        HashSet<int> planted = [.. Enumerable.Range(0, 20).Select(i => i * 19)];
        foreach (int row in planted)
        {
            labels[row] = (labels[row] + 1) % 3;
        }

        ModelTrainer trainer = new(
            Recipe.Parse("logistic"),
            ModelTask.Classifier,
            new TrainingOptions { Epochs = 40, LearningRate = 0.05 },
            Workers,
            TimeProvider.System);
        float[] probabilities = LabelErrors.CrossValidate(
            features, labels, 3, 5, 1, (x, y) => trainer.Train(
                TensorShape.Flat(4), 3, new ArrayExamples(x, y, y.Length, 1), null).Model);
        DoubtfulLabel[] found = [.. LabelErrors.Find(probabilities, labels, 3).Take(20)];
        int right = found.Count(it => planted.Contains(it.Row)
            && it.Suggested == truth[it.Row]);
        Assert.True(
            right >= 13 && right >= 0.9 * found.Length, $"{right} of {found.Length}");
    }

    [Fact]
    public void Drift_is_zero_for_equal_rows_and_known_for_others()
    {
        double[] before = [1, 2, 3, 4, double.NaN];
        Assert.Equal(0, Drift.StabilityIndex(before, before), 1e-12);
        Assert.Equal(0.5, Drift.KolmogorovSmirnov(before, [3, 4, 5, 6]), 1e-12);
        Assert.Equal(1, Drift.KolmogorovSmirnov(before, [7, 8]), 1e-12);
        string?[] texts = [.. Enumerable.Repeat("a", 5), .. Enumerable.Repeat("b", 5)];
        string?[] moved = [.. Enumerable.Repeat("a", 8), .. Enumerable.Repeat("b", 2)];
        Assert.Equal(
            (0.3 * Math.Log(1.6)) - (0.3 * Math.Log(0.4)),
            Drift.StabilityIndex(texts, moved),
            1e-12);
        // Marsaglia, Tsang and Wang's table: K(1.36) leaves about 0.049.
        Assert.Equal(0.05, Drift.KolmogorovSmirnovProbability(0.0193, 10_000, 10_000), 0.003);
        Assert.Equal(1, Drift.KolmogorovSmirnovProbability(0, 10, 10));
    }

    [Fact]
    public void Shares_of_a_linear_model_are_its_weights_and_add_up()
    {
        Network network = NetworkBuilder.Build(TensorShape.Flat(3), "dense(1)");
        Memory<float> weights = Gpu.AlignedMemory.Allocate<float>(network.ParameterLength);
        new float[] { 2, -1, 0, 5 }.CopyTo(weights.Span);
        var model = new NetworkModel(
            network, weights, LossKind.MeanSquared, ModelTask.Regressor);
        float[] others = [0, 0, 0, 2, 2, 2];
        FeatureShares shares = ShapleySampling.Explain(
            model, new float[] { 3, 3, 3 }, others, [(0, 1), (1, 1), (2, 1)], 0, 2000, 1);
        Assert.Equal(8, shares.Prediction, 1e-5);
        Assert.Equal(shares.Prediction, shares.Base + shares.Shares.Sum(), 1e-4);
        Assert.Equal(4, shares.Shares[0], 0.2);
        Assert.Equal(-2, shares.Shares[1], 0.1);
        Assert.Equal(0, shares.Shares[2], 1e-6);
        Assert.InRange(shares.StandardErrors[0], 0.02, 0.08);
    }

    [Fact]
    public void Covering_the_place_that_counts_lowers_the_output()
    {
        var shape = new TensorShape(8, 8, 1);
        Network network = NetworkBuilder.Build(shape, "flatten, dense(1)");
        Memory<float> weights = Gpu.AlignedMemory.Allocate<float>(network.ParameterLength);
        weights.Span[(3 * 8) + 5] = 1;
        var model = new NetworkModel(
            network, weights, LossKind.MeanSquared, ModelTask.Regressor);
        var image = new float[64];
        image[(3 * 8) + 5] = 1;
        var squares = Occlusion.Explain(model, shape, image, 0);
        Assert.Equal(64, squares.Count);
        var best = squares.MaxBy(square => square.Fall);
        Assert.Equal((3, 5), (best.Top, best.Left));
        Assert.Equal(63 / 64.0, best.Fall, 1e-5);
    }

    [Fact]
    public void Partial_dependence_of_a_line_is_a_line_and_leaves_the_rows_alone()
    {
        FeatureColumn[] columns = [FeatureColumn.Number("x"), FeatureColumn.Number("y")];
        var rows = new RawRows(columns, 4) { Count = 4 };
        double[] x = [1, 2, 3, double.NaN];
        x.CopyTo(rows.Numbers[0], 0);
        new double[] { 0, 0, 6, 0 }.CopyTo(rows.Numbers[1], 0);
        FeaturePipeline pipeline = FeaturePipeline.Fit(
            columns,
            [new(TransformKind.Identity, "x"), new(TransformKind.Identity, "y")],
            [rows]);
        Network network = NetworkBuilder.Build(TensorShape.Flat(2), "dense(1)");
        Memory<float> weights = Gpu.AlignedMemory.Allocate<float>(network.ParameterLength);
        new float[] { 2, 1, 0 }.CopyTo(weights.Span);
        var model = new NetworkModel(
            network, weights, LossKind.MeanSquared, ModelTask.Regressor);
        double[] points = PartialDependence.QuantilesOf(rows.Numbers[0], 3);
        Assert.Equal([1, 2, 3], points);
        IReadOnlyList<double[]> means =
            PartialDependence.Compute(model, pipeline, rows, 0, points, null);
        Assert.Equal([3.5, 5.5, 7.5], means.Select(mean => mean[0]));
        Assert.Equal(x, rows.Numbers[0]);
        Assert.Equal(
            ["b", "a"], PartialDependence.FrequentOf(["a", "b", null, "b"], 5));
    }

    [Fact]
    public void One_center_is_the_baseline_of_clusters()
    {
        JudgedMetric metric = ModelJudge.OfClusters([0, 1, 1, 0], [0, 1, 9, 10])[0];
        Assert.Equal(0.5, metric.Value);
        Assert.Equal(20.5, metric.Baseline, 1e-9);
    }
}
