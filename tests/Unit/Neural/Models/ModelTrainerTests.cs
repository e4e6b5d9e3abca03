using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>From what a statement asks for to a model.</summary>
public sealed class ModelTrainerTests
{
    private static readonly SystemWorkers Workers = new(2);

    [Theory]
    [InlineData("mlp(16)", "Classifier")]
    [InlineData("logistic", "Classifier")]
    [InlineData("decision_tree(depth=4)", "Classifier")]
    [InlineData("random_forest(trees=10)", "Classifier")]
    [InlineData("gbdt(trees=10, depth=3)", "Classifier")]
    [InlineData("kmeans(3)", "Cluster")]
    [InlineData("isolation_forest", "Anomaly")]
    public void Every_recipe_gives_a_model_that_repeats_itself(string text, string task)
    {
        ModelTrainer trainer = new(
            Recipe.Parse(text),
            Enum.Parse<ModelTask>(task),
            new TrainingOptions { Epochs = 60, LearningRate = 0.05 },
            Workers,
            TimeProvider.System);
        ArrayExamples rows = TrainerTests.Blobs(90, 6, 3);
        TrainedModel first = trainer.Train(TensorShape.Flat(6), 3, rows, null);
        TrainedModel second = trainer.Train(TensorShape.Flat(6), 3, rows, null);
        Assert.Equal(first.WeightHash, second.WeightHash);
        Assert.Equal(90, first.RowCount);
        if (task == "Classifier")
        {
            Assert.True(AccuracyOf(first.Model) > 0.6, $"{AccuracyOf(first.Model)}");
        }
    }

    [Fact]
    public void A_linear_regression_is_solved_at_once()
    {
        float[] features = LayerGradientTests.Numbers(60, 1);
        float[] targets = [.. Enumerable.Range(0, 30).Select(
            i => (3 * features[2 * i]) - features[(2 * i) + 1] + 2)];
        ModelTrainer trainer = new(
            Recipe.Parse("linear"),
            ModelTask.Regressor,
            new TrainingOptions { Loss = LossKind.MeanSquared },
            Workers,
            TimeProvider.System);
        Model model = trainer.Train(
            TensorShape.Flat(2), 1, new ArrayExamples(features, targets, 30, 1), null).Model;
        var outputs = new float[30];
        model.Predict(features, 30, outputs);
        Assert.True(RegressionMetrics.Of(targets, outputs).LargestError < 1e-5);
    }

    [Theory]
    [InlineData("mpl(3)", "mlp")]
    [InlineData("gbdt(tree=3)", "trees")]
    [InlineData("gbdt(3)", "trees")]
    [InlineData("mlp(width)", "numbers")]
    [InlineData("mlp, mlp", "LAYERS")]
    [InlineData("mlp(0)", "whole")]
    public void A_wrong_recipe_is_refused_with_what_is_near(string text, string expected)
    {
        NeuroStoreException error =
            Assert.Throws<NeuroStoreException>(() => Recipe.Parse(text));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("epoch", "3", "epochs")]
    [InlineData("optimizer", "adm", "adam")]
    [InlineData("epochs", "three", "whole number")]
    [InlineData("augment", "turn(3)", "rotate")]
    public void A_wrong_option_is_refused_with_what_is_near(
        string name, string value, string expected)
    {
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => TrainingOptionParser.Set(new TrainingOptions(), name, value));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_are_set_by_name()
    {
        TrainingOptions options = new();
        foreach ((string name, string value) in (ReadOnlySpan<(string, string)>)
            [("epochs", "3"), ("loss", "huber"), ("schedule", "Cosine"), ("l2", "1e-4"),
            ("augment", "flip, shift(2)")])
        {
            options = TrainingOptionParser.Set(options, name, value);
        }

        Assert.Equal(3, options.Epochs);
        Assert.Equal(LossKind.Huber, options.Loss);
        Assert.Equal(ScheduleKind.Cosine, options.Schedule);
        Assert.Equal(1e-4, options.WeightDecay);
        Assert.Equal(new Augmentation(true, 2, 0), options.Augmentation);
        Assert.Throws<NeuroStoreException>((options with { Epochs = 0 }).Validate);
    }

    [Fact]
    public void One_class_and_a_list_that_ends_wrong_are_refused()
    {
        ModelTrainer trainer = new(
            Recipe.OfLayers("dense(4), relu"),
            ModelTask.Classifier,
            new TrainingOptions(),
            Workers,
            TimeProvider.System);
        ArrayExamples rows = TrainerTests.Blobs(9, 6, 3);
        NeuroStoreException one = Assert.Throws<NeuroStoreException>(
            () => trainer.Train(TensorShape.Flat(6), 1, rows, null));
        Assert.Equal(ErrorCode.UntrainableData, one.Code);
        NeuroStoreException wrong = Assert.Throws<NeuroStoreException>(
            () => trainer.Train(TensorShape.Flat(6), 3, rows, null));
        Assert.Contains("dense(3)", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Augmentation_moves_and_mirrors_images()
    {
        var shape = new TensorShape(3, 3, 1);
        float[] image = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        var random = new SeededRandomSource(1);
        var seen = new HashSet<string>();
        for (int i = 0; i < 900; i++)
        {
            float[] changed = [.. image];
            new Augmentation(true, 1, 0).Apply(changed, shape, random, new float[9]);
            seen.Add(string.Join(",", changed));
        }

        Assert.Contains("3,2,1,6,5,4,9,8,7", seen);
        Assert.Contains("1,2,3,4,5,6,7,8,9", seen);
        Assert.Contains("0,1,2,0,4,5,0,7,8", seen);
        Assert.Equal(18, seen.Count);
    }

    [Fact]
    public void Shuffling_the_feature_that_decides_costs_most()
    {
        ArrayExamples rows = TrainerTests.Blobs(90, 6, 3);
        float[] features = LayerGradientTests.Numbers(200, 3);
        float[] targets = [.. Enumerable.Range(0, 100).Select(
            i => features[2 * i] > 0 ? 1f : 0f)];
        TreeModel model = TreeTrainer.TrainTree(
            features, targets, 2, new TreeOptions { DepthMax = 3 }, Workers);
        double[] importance = PermutationImportance.Compute(
            features,
            100,
            [(0, 1), (1, 1)],
            outputs => Enumerable.Range(0, 100).Count(i =>
                Classes.Best(outputs.AsSpan(2 * i, 2)) == (int)targets[i]) / 100.0,
            model,
            1);
        Assert.Equal(6, rows.FeatureCount);
        Assert.True(importance[0] > 0.3);
        Assert.Equal(0, importance[1], 1e-9);
    }

    private static double AccuracyOf(Model model)
    {
        ArrayExamples rows = TrainerTests.Blobs(90, 6, 3, 5);
        using IExampleReader reader = rows.Open(0);
        var features = new float[90 * 6];
        var targets = new float[90];
        Assert.Equal(90, reader.Read(features, targets));
        var outputs = new float[90 * 3];
        model.Predict(features, 90, outputs);
        return Enumerable.Range(0, 90).Count(i =>
            Classes.Best(outputs.AsSpan(3 * i, 3)) == (int)targets[i]) / 90.0;
    }
}
