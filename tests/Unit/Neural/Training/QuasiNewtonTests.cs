using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Logistic regressions that go to their minimum.</summary>
public sealed class QuasiNewtonTests
{
    private const int Rows = 60;
    private static readonly SystemWorkers Workers = new(2);

    // Of scikit-learn 1.2.1: LogisticRegression(C=1, tol=1e-10) on the same rows.
    public static TheoryData<double[], bool, double[]> Cases => new()
    {
        { [0], false, [2.785166, -0.986736, 0.177497, -0.042985] },
        {
            [-0.7, 0.8],
            false,
            [
                -2.482626, 0.105142, 2.377484, 1.326769, 0.10134, -1.428109, 0.001234, -0.121989,
                0.120755, -0.268349, 0.666709, -0.398359,
            ]
        },
        {
            [-0.7, 0.8],
            true,
            [
                -2.466078, 0.091075, 2.375003, 1.31169, 0.107937, -1.419627, 0.001703, -0.122346,
                0.120643, -0.257125, 0.622181, -0.365056,
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_minimum_is_that_of_scikit_learn(
        double[] borders, bool isBalanced, double[] expected)
    {
        (float[] features, float[] targets) = Problem(borders);
        float[] counts = [.. Enumerable.Range(0, borders.Length + 1)
            .Select(label => (float)targets.Count(target => target == label))];
        TrainingResult result = Train(features, targets, new TrainingOptions
        {
            WeightDecay = 1.0 / Rows,
            ClassWeights = isBalanced
                ? [.. counts.Select(count => Rows / (counts.Length * count))] : [],
        });
        float[] weights = result.Weights.ToArray();
        double[] found = borders.Length > 1
            ? [.. weights.Take(12).Select(static weight => (double)weight)]
            : [.. Enumerable.Range(0, 4).Select(
                i => (double)weights[(2 * i) + 1] - weights[2 * i])];
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < found.Length; i++)
        {
            Assert.Equal(expected[i], found[i], 5e-4);
        }

        Assert.InRange(result.Log.Count, 3, 60);
        Assert.True(result.Log[^1].Loss < result.Log[0].Loss);
    }

    [Fact]
    public void A_start_at_the_minimum_stays_there()
    {
        (float[] features, float[] targets) = Problem([0.1]);
        var options = new TrainingOptions { WeightDecay = 0.1 };
        TrainingResult first = Train(features, targets, options);
        TrainingResult again = Train(
            features, targets, options with { InitialWeights = first.Weights });
        Assert.True(again.Log.Count < first.Log.Count, $"{again.Log.Count}");
        Assert.Equal(first.Weights.Span[0], again.Weights.Span[0], 1e-4);
    }

    [Fact]
    public void Classes_that_are_far_apart_without_a_ridge_end_all_the_same()
    {
        (float[] features, _) = Problem([0]);
        float[] targets = [.. Enumerable.Range(0, Rows)
            .Select(row => features[3 * row] > 0 ? 1f : 0f)];
        TrainingResult result = Train(features, targets, new TrainingOptions());
        Assert.True(result.Log[^1].Loss < 0.01, $"{result.Log[^1].Loss}");
    }

    [Fact]
    public void A_token_ends_it()
    {
        (float[] features, float[] targets) = Problem([0]);
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(
            () => Train(features, targets, new TrainingOptions(), source.Token));
    }

    private static TrainingResult Train(
        float[] features,
        float[] targets,
        TrainingOptions options,
        CancellationToken cancellationToken = default)
    {
        int classes = (int)targets.Max() + 1;
        Network network = Recipe.Parse("logistic").ToNetwork(TensorShape.Flat(3), classes);
        return new QuasiNewton(network, features, targets, options, Workers)
            .Run(TimeProvider.System, null, cancellationToken);
    }

    private static (float[] Features, float[] Targets) Problem(double[] borders)
    {
        var features = new float[Rows * 3];
        var targets = new float[Rows];
        for (int i = 0; i < Rows; i++)
        {
            features[3 * i] = (float)Math.Sin(i * 1.3);
            features[(3 * i) + 1] = (float)Math.Cos(i * 0.7);
            features[(3 * i) + 2] = (float)((i * 37 % 11 / 5.0) - 1);
            double score = (2 * features[3 * i]) - features[(3 * i) + 1]
                + (0.5 * Math.Sin(i * 5.1));
            targets[i] = borders.Count(border => score >= border);
        }

        return (features, targets);
    }
}
