using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Rows that are mostly zeros train as if nobody had noticed.</summary>
public sealed class SparseTrainingTests
{
    private const int Features = 5000;
    private const int Rows = 40;

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void The_step_of_sparse_rows_is_that_of_dense_ones(int outputs)
    {
        Network network = NetworkBuilder.Build(
            TensorShape.Flat(Features), $"dense({outputs})");
        Loss loss = Loss.Create(outputs > 1 ? LossKind.CrossEntropy : LossKind.MeanSquared);
        (float[] features, float[] targets) = Examples(0.01, outputs);
        Memory<float> weights = Initializer.Create(network, 3, InitialValue.Auto);
        IWorkers workers = SystemSeams.Real().Workers;
        var dense = new GradientStep(network, loss, Rows, 1, workers);
        SparseLinearStep sparse = SparseLinearStep.TryCreate(
            network, loss, Rows, () => throw Invariant.Broken("a sparse batch"))!;
        for (int count = Rows - 1; count <= Rows; count++)
        {
            double expected = dense.Run(features, targets, default, count, count, weights, 1);
            double found = sparse.Run(features, targets, default, count, count, weights, 1);
            Assert.Equal(expected, found, 1e-3);
            for (int i = 0; i < weights.Length; i++)
            {
                Assert.Equal(dense.Gradients.Span[i], sparse.Gradients.Span[i], 1e-5f);
            }
        }
    }

    [Fact]
    public void Dense_rows_take_the_usual_step()
    {
        Network network = NetworkBuilder.Build(TensorShape.Flat(Features), "dense(1)");
        Loss loss = Loss.Create(LossKind.MeanSquared);
        (float[] features, float[] targets) = Examples(0.5, 1);
        Memory<float> weights = Initializer.Create(network, 3, InitialValue.Auto);
        var dense = new GradientStep(network, loss, Rows, 1, SystemSeams.Real().Workers);
        SparseLinearStep step = SparseLinearStep.TryCreate(network, loss, Rows, () => dense)!;
        step.Run(features, targets, default, Rows, Rows, weights, 1);
        Assert.True(step.Gradients.Equals(dense.Gradients));
        Assert.Null(SparseLinearStep.TryCreate(
            NetworkBuilder.Build(TensorShape.Flat(8), "dense(1)"), loss, Rows, () => dense));
    }

    [Fact]
    public void Sparse_examples_come_back_as_they_were()
    {
        (float[] features, float[] targets) = Examples(0.01, 1);
        var sparse = new SparseExamples(Features, 1, null);
        sparse.Add(features.AsSpan(0, 30 * Features), targets, 30);
        sparse.Add(features.AsSpan(30 * Features), targets.AsSpan(30), Rows - 30);
        Assert.Equal(Rows, sparse.Count);
        Assert.InRange(sparse.SizeBytes, 1, 4 * features.Length / 10);
        var read = new float[features.Length];
        var readTargets = new float[targets.Length];
        using IExampleReader reader = sparse.Open(1);
        Assert.Equal(Rows, reader.Read(read, readTargets));
        Assert.Equal(0, reader.Read(read, readTargets));
        Assert.Equal(features, read);
        Assert.Equal(targets, readTargets);
        var shuffled = new SparseExamples(Features, 1, 5);
        shuffled.Add(features, targets, Rows);
        using IExampleReader first = shuffled.Open(1);
        using IExampleReader other = shuffled.Open(2);
        first.Read(read, readTargets);
        var next = new float[targets.Length];
        other.Read(read, next);
        Assert.NotEqual(readTargets, next);
        Assert.Equal(readTargets.Order(), next.Order());
    }

    private static (float[] Features, float[] Targets) Examples(double share, int classes)
    {
        var random = new SeededRandomSource(11);
        var features = new float[Rows * Features];
        for (int i = 0; i < features.Length; i++)
        {
            bool isThere = random.NextUInt64() % 10_000 < share * 10_000;
            features[i] = isThere ? (random.NextUInt64() % 200 / 100f) - 1 : 0;
        }

        var targets = new float[Rows];
        for (int i = 0; i < Rows; i++)
        {
            targets[i] = classes > 1 ? i % classes : i / 10f;
        }

        return (features, targets);
    }
}
