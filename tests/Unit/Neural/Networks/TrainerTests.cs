using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Training as a whole: it learns, repeats itself, stops and refuses.</summary>
public sealed class TrainerTests
{
    private static readonly SystemWorkers Workers = new(2);

    [Theory]
    [InlineData("mlp", 1)]
    [InlineData("mlp", 2)]
    [InlineData("simple_cnn", 2)]
    [InlineData("resnet_mini", 2)]
    public void Equal_seed_and_threads_give_equal_bits(string name, int threads)
    {
        TensorShape shape = name == "mlp" ? TensorShape.Flat(64) : new TensorShape(8, 8, 1);
        Network network = NetworkBuilder.Build(
            shape, NamedNetworks.Describe(name, [], 0.25, shape, 3));
        TrainingOptions options = new()
        {
            Epochs = 2, BatchSize = 17, Threads = threads, WeightDecay = 1e-4,
        };
        string[] hashes =
        [
            .. Enumerable.Range(0, 3).Select(_ =>
                new Trainer(network, options, Workers, TimeProvider.System)
                    .Run(Blobs(60, 64, 3), null).WeightHash),
        ];
        Assert.Single(hashes.Distinct());
        string other = new Trainer(
            network, options with { Seed = 2 }, Workers, TimeProvider.System)
                .Run(Blobs(60, 64, 3), null).WeightHash;
        Assert.NotEqual(hashes[0], other);
    }

    [Theory]
    [InlineData("logistic")]
    [InlineData("mlp")]
    [InlineData("simple_cnn")]
    [InlineData("lenet5")]
    [InlineData("vgg_mini")]
    [InlineData("resnet_mini")]
    [InlineData("xception_mini")]
    public void Every_named_network_learns_classes_that_are_far_apart(string name)
    {
        bool isImage = name is not ("logistic" or "mlp");
        TensorShape shape = isImage ? new TensorShape(8, 8, 1) : TensorShape.Flat(64);
        Network network = NetworkBuilder.Build(
            shape, NamedNetworks.Describe(name, [], 0.25, shape, 3));
        TrainingOptions options = new()
        {
            Epochs = 12, BatchSize = 15, LearningRate = 0.005, EarlyStopping = 0,
        };
        TrainingResult result = new Trainer(network, options, Workers, TimeProvider.System)
            .Run(Blobs(150, 64, 3), Blobs(60, 64, 3, 1));
        Assert.True(
            result.Log.Max(line => line.ValidationAccuracy) > 0.9,
            string.Join(" ", result.Log.Select(line => line.ValidationAccuracy)));
    }

    [Fact]
    public void The_fused_step_and_the_layers_give_the_same_numbers()
    {
        Network network = NetworkBuilder.Build(
            TensorShape.Flat(7), "dense(20), relu, dense(13), dense(3)");
        Memory<float> weights = Initializer.Create(network, 1, InitialValue.Auto);
        TrainingOptions options = new() { BatchSize = 11 };
        ITrainingStep fused = DenseChainStep.TryCreate(network, options)!;
        ITrainingStep layers = new GradientStep(
            network, Loss.Create(LossKind.CrossEntropy), 11, 1, Workers);
        float[] x = LayerGradientTests.Numbers(77, 1);
        float[] y = [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1];
        double first = fused.Run(x, y, default, 11, 11, weights, 1);
        double second = layers.Run(x, y, default, 11, 11, weights, 1);
        Assert.Equal(second, first, 1e-12);
        Assert.Equal(layers.Gradients.ToArray(), fused.Gradients.ToArray());
    }

    [Fact]
    public void The_best_weights_are_kept_and_training_stops_early()
    {
        Network network = NetworkBuilder.Build(TensorShape.Flat(5), "dense(3)");
        TrainingOptions options = new() { Epochs = 50, BatchSize = 4, EarlyStopping = 3 };
        TrainingResult result = new Trainer(network, options, Workers, TimeProvider.System)
            .Run(Blobs(40, 5, 3, 0, 0.05), Blobs(40, 5, 3, 9, 0.05, isTurned: true));
        Assert.True(result.Log.Count < 50);
        Assert.Equal(result.Log.Count - 3, result.BestEpoch);
        Assert.Equal(
            result.Log.Min(line => line.ValidationLoss),
            result.Log[result.BestEpoch - 1].ValidationLoss);
    }

    [Fact]
    public void Class_weights_make_a_rare_class_count()
    {
        Network network = NetworkBuilder.Build(TensorShape.Flat(1), "dense(2)");
        var targets = new float[100];
        targets.AsSpan(90).Fill(1);
        var source = new ArrayExamples(new float[100], targets, 100, 1);
        TrainingOptions options = new()
        {
            Epochs = 200, BatchSize = 100, LearningRate = 0.05, ClassWeights = [1, 9],
        };
        TrainingResult result = new Trainer(network, options, Workers, TimeProvider.System)
            .Run(source, null);
        Span<float> bias = network.TensorsOf(result.Weights)[1].Data.Span;
        Assert.Equal(bias[0], bias[1], 1e-2f);
    }

    [Fact]
    public void Frozen_layers_keep_their_weights()
    {
        Network network = NetworkBuilder.Build(
            TensorShape.Flat(5), "dense(4), tanh, dense(3)");
        Memory<float> weights = Initializer.Create(network, 8, InitialValue.Auto);
        TrainingOptions options = new()
        {
            Epochs = 2, BatchSize = 8, FirstTrainedLayer = 1, InitialWeights = weights,
        };
        TrainingResult result = new Trainer(network, options, Workers, TimeProvider.System)
            .Run(Blobs(40, 5, 3), null);
        Tensor[] before = [.. network.TensorsOf(weights)];
        Tensor[] after = [.. network.TensorsOf(result.Weights)];
        Assert.Equal(before[0].Data.ToArray(), after[0].Data.ToArray());
        Assert.NotEqual(before[2].Data.ToArray(), after[2].Data.ToArray());
    }

    [Fact]
    public void A_source_larger_than_its_buffer_is_shuffled_without_loss()
    {
        var numbers = new float[100];
        for (int i = 0; i < 100; i++)
        {
            numbers[i] = i;
        }

        var shuffled = new ShuffledExamples(new ArrayExamples(numbers, numbers, 100, null), 16, 3);
        float[] ReadAll(int pass)
        {
            using IExampleReader reader = shuffled.Open(pass);
            var all = new List<float>();
            var features = new float[7];
            for (int n; (n = reader.Read(features, new float[7])) > 0;)
            {
                all.AddRange(features[..n]);
            }

            return [.. all];
        }

        float[] first = ReadAll(1);
        Assert.Equal(numbers, first.Order());
        Assert.NotEqual(numbers, first);
        Assert.Equal(first, ReadAll(1));
        Assert.NotEqual(first, ReadAll(2));
    }

    [Fact]
    public void A_cancelled_or_diverging_training_ends_with_an_error_of_its_kind()
    {
        Network network = NetworkBuilder.Build(TensorShape.Flat(5), "dense(3)");
        NeuroStoreException cancelled = Assert.Throws<NeuroStoreException>(() =>
            new Trainer(network, new TrainingOptions(), Workers, TimeProvider.System)
                .Run(Blobs(40, 5, 3), null, new CancellationToken(true)));
        Assert.Equal(ErrorCode.Cancelled, cancelled.Code);
        TrainingOptions options = new()
        {
            Loss = LossKind.MeanSquared,
            LearningRate = 100,
            Optimizer = OptimizerKind.Sgd,
            Epochs = 1000,
        };
        Network line = NetworkBuilder.Build(TensorShape.Flat(5), "dense(1)");
        NeuroStoreException diverged = Assert.Throws<NeuroStoreException>(() =>
            new Trainer(line, options, Workers, TimeProvider.System)
                .Run(Blobs(40, 5, 3), null));
        Assert.Equal(ErrorCode.TrainingDiverged, diverged.Code);
        NeuroStoreException empty = Assert.Throws<NeuroStoreException>(() =>
            new Trainer(line, options, Workers, TimeProvider.System)
                .Run(new ArrayExamples(default, default, 0, 1), null));
        Assert.Equal(ErrorCode.UntrainableData, empty.Code);
    }

    [Theory]
    [InlineData("conv(3", 1)]
    [InlineData("dense()", 1)]
    [InlineData("dense(0)", 1)]
    [InlineData("dense(2.5)", 1)]
    [InlineData("dens(3)", 1)]
    [InlineData("dense(3), conv(3, 3)", 1)]
    [InlineData("conv(3, 3, stride=0)", 8)]
    [InlineData("conv(3, 3, sane)", 8)]
    [InlineData("residual()", 8)]
    [InlineData("attention(5)", 8)]
    [InlineData("dense(3),", 1)]
    [InlineData("", 1)]
    [InlineData("3", 1)]
    public void A_network_that_cannot_be_is_refused_with_a_reason(string text, int side)
    {
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => NetworkBuilder.Build(new TensorShape(side, side, 3), text));
        Assert.Equal(ErrorCode.InvalidModel, error.Code);
    }

    [Fact]
    public void An_unknown_name_is_answered_with_near_ones()
    {
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => NetworkBuilder.Build(TensorShape.Flat(3), "drpout(0.5)"));
        Assert.Contains("dropout", error.Message, StringComparison.Ordinal);
        Assert.Throws<NeuroStoreException>(
            () => NamedNetworks.Describe("mpl", [], 1, TensorShape.Flat(3), 2));
    }

    /// <summary>Rows around one point for each class, and the number of the class.</summary>
    internal static ArrayExamples Blobs(
        int count, int features, int classes, int seed = 0, double far = 1, bool isTurned = false)
    {
        float[] centers = LayerGradientTests.Numbers(classes * features, 1234);
        float[] noise = LayerGradientTests.Numbers(count * features, seed + 50);
        var targets = new float[count];
        for (int i = 0; i < count; i++)
        {
            int label = i % classes;
            targets[i] = isTurned ? (label + 1) % classes : label;
            for (int j = 0; j < features; j++)
            {
                noise[(i * features) + j] += (float)far * centers[(label * features) + j];
            }
        }

        return new ArrayExamples(noise, targets, count, 7);
    }
}
