using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Boosted trees beside their formulas, and weights of classes in trees.</summary>
public sealed class BoostedTreeTests
{
    private static readonly SystemWorkers Workers = new(2);

    [Fact]
    public void The_first_split_is_the_best_of_all_and_its_leaves_are_newton_steps()
    {
        const int Rows = 120;
        float[] features = LayerGradientTests.Numbers(Rows * 2, 5);
        float[] targets = [.. Enumerable.Range(0, Rows).Select(
            i => (4 * features[2 * i]) + MathF.Abs(features[(2 * i) + 1]))];
        TreeOptions options = new()
        {
            Trees = 1, DepthMax = 1, LearningRate = 1, LeafPenalty = 2, LeafRowsMin = 4,
        };
        float[] said = Predict(
            TreeTrainer.TrainBoosted(features, targets, 0, options, Workers), features, Rows);

        double mean = targets.Average(static it => (double)it);
        (double Gain, double Low, double High, int Column, float Edge) best = (0, 0, 0, 0, 0);
        foreach ((int column, float edge) in Enumerable.Range(0, 2).SelectMany(
            c => Enumerable.Range(0, Rows).Select(i => (c, features[(2 * i) + c]))))
        {
            double[] low = [.. Enumerable.Range(0, Rows)
                .Where(i => features[(2 * i) + column] <= edge).Select(i => targets[i] - mean)];
            double[] high = [.. Enumerable.Range(0, Rows)
                .Where(i => features[(2 * i) + column] > edge).Select(i => targets[i] - mean)];
            double gain = (low.Sum() * low.Sum() / (low.Length + 2))
                + (high.Sum() * high.Sum() / (high.Length + 2));
            if (low.Length >= 4 && high.Length >= 4 && gain > best.Gain)
            {
                best = (
                    gain,
                    mean + (low.Sum() / (low.Length + 2)),
                    mean + (high.Sum() / (high.Length + 2)),
                    column,
                    edge);
            }
        }

        for (int i = 0; i < Rows; i++)
        {
            bool isLow = features[(2 * i) + best.Column] <= best.Edge;
            Assert.Equal(isLow ? best.Low : best.High, said[i], 1e-4);
        }
    }

    [Fact]
    public void A_leaf_says_the_mean_of_its_rows_however_deep_it_lies()
    {
        const int Rows = 3000;
        float[] features = LayerGradientTests.Numbers(Rows * 3, 6);
        features[5] = float.NaN;
        float[] targets = [.. Enumerable.Range(0, Rows).Select(
            i => MathF.Sin(9 * features[3 * i]) + (i % 7))];
        TreeOptions options = new()
        {
            Trees = 1, DepthMax = 8, LearningRate = 1, LeafRowsMin = 7,
        };
        float[] said = Predict(
            TreeTrainer.TrainBoosted(features, targets, 0, options, Workers), features, Rows);
        IGrouping<float, int>[] leaves =
            [.. Enumerable.Range(0, Rows).GroupBy(i => said[i])];
        Assert.InRange(leaves.Length, 60, 256);
        Assert.All(leaves, leaf =>
        {
            Assert.True(leaf.Count() >= 7);
            Assert.Equal(leaf.Average(i => (double)targets[i]), leaf.Key, 1e-4);
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_number_of_threads_changes_no_bit(int classes)
    {
        const int Rows = 40_000;
        float[] features = LayerGradientTests.Numbers(Rows * 8, 7);
        float[] targets = [.. Enumerable.Range(0, Rows).Select(i => classes == 0
            ? features[8 * i] * features[(8 * i) + 3]
            : (float)((int)(100 * MathF.Abs(features[8 * i])) % classes))];
        TreeOptions options = new() { Trees = 3 };
        Assert.Equal(
            Predict(
                TreeTrainer.TrainBoosted(features, targets, classes, options, Workers),
                features,
                Rows),
            Predict(
                TreeTrainer.TrainBoosted(
                    features, targets, classes, options, new InlineWorkers()),
                features,
                Rows));
    }

    [Theory]
    [InlineData("decision_tree(depth=3)")]
    [InlineData("random_forest(trees=20, depth=3)")]
    [InlineData("gbdt(trees=20, depth=3)")]
    public void A_rare_class_that_weighs_more_is_found_more_often(string recipe)
    {
        const int Rows = 2000;
        float[] features = LayerGradientTests.Numbers(Rows * 2, 8);
        float[] noise = LayerGradientTests.Numbers(Rows, 9);
        float[] targets = [.. Enumerable.Range(0, Rows).Select(
            i => features[2 * i] + noise[i] > 1.3f ? 1f : 0f)];
        int rare = targets.Count(static it => it == 1);
        Assert.InRange(rare, 20, Rows / 5);

        float[] usual = Train([]);
        Assert.Equal(usual, Train([1, 1]));
        float[] weighted = Train(
            [Rows / (2f * (Rows - rare)), Rows / (2f * rare)]);
        Assert.True(Found(weighted) > Found(usual), $"{Found(weighted)} of {rare}");
        Assert.True(Found(weighted) > 0.8 * rare, $"{Found(weighted)} of {rare}");

        float[] Train(float[] weights)
        {
            TreeOptions options = Recipe.Parse(recipe).ToTreeOptions(1) with
            {
                ClassWeights = weights,
            };
            TreeModel model = recipe[0] switch
            {
                'd' => TreeTrainer.TrainTree(features, targets, 2, options, Workers),
                'r' => TreeTrainer.TrainForest(features, targets, 2, options, Workers),
                _ => TreeTrainer.TrainBoosted(features, targets, 2, options, Workers),
            };
            return Predict(model, features, Rows);
        }

        int Found(float[] said) => Enumerable.Range(0, Rows).Count(
            i => targets[i] == 1 && said[(2 * i) + 1] > said[2 * i]);
    }

    private static float[] Predict(TreeModel model, float[] features, int rows)
    {
        var outputs = new float[rows * model.OutputCount];
        model.Predict(features, rows, outputs);
        return outputs;
    }
}
