using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Encoders that are networks: losses, training, files.</summary>
public sealed class EncoderTests
{
    private const int Side = 12;

    // Rows (1, 0), (0, 1), (1, 0), (0, 1) with the pairs 0-2 and 1-3 at temperature .2: each has
    // its partner at 5 and two others at 0, so the loss of a row is log(1 + 2 / e^5).
    [Fact]
    public void The_loss_of_views_is_that_of_the_paper()
    {
        float[] outputs = [2, 0, 0, 3, 1, 0, 0, 1];
        var gradient = new float[8];

        double loss = Loss.Create(LossKind.Views)
            .Compute(outputs, [0, 1, 0, 1], default, 2, 4, gradient);

        Assert.Equal(4 * Math.Log(1 + (2 / Math.Exp(5))), loss, 1e-6);
    }

    [Fact]
    public void The_gradient_of_views_is_the_slope_of_the_loss()
    {
        const int Width = 3;
        float[] targets = [0, 1, 0, 1, 2];
        var random = new Random(3);
        float[] outputs = [.. Enumerable.Range(0, targets.Length * Width)
            .Select(_ => (float)(random.NextDouble() - 0.5))];
        var gradient = new float[outputs.Length];
        var unused = new float[outputs.Length];
        Loss loss = Loss.Create(LossKind.Views);
        loss.Compute(outputs, targets, default, Width, 5, gradient);
        for (int i = 0; i < outputs.Length; i++)
        {
            const float Step = 1e-3f;
            float before = outputs[i];
            outputs[i] = before + Step;
            double up = loss.Compute(outputs, targets, default, Width, 5, unused);
            outputs[i] = before - Step;
            double down = loss.Compute(outputs, targets, default, Width, 5, unused);
            outputs[i] = before;
            Assert.Equal((up - down) / (2 * Step) / 5, gradient[i], 5e-3);
        }
    }

    // Ten numbers that follow from two.
    [Fact]
    public void An_autoencoder_finds_the_few_numbers_behind_many()
    {
        float[] features = Curves(400);
        EncoderModel model = Train("autoencoder(2, hidden=32)", TensorShape.Flat(10), features, 60);

        JudgedMetric metric = EmbedderJudge.Of(model, features)!;

        Assert.Equal(2, model.OutputCount);
        Assert.Equal("reconstruction_r2", metric.Name);
        Assert.InRange(metric.Value, 0.9, 1);
    }

    [Fact]
    public void Noise_is_in_what_goes_in_and_not_in_what_should_come_out()
    {
        var source = new EchoSource(
            new ArrayExamples(Curves(100), Array.Empty<float>(), 100, null), 0.3, 5);
        var features = new float[1000];
        var targets = new float[1000];
        var again = new float[1000];
        using IExampleReader reader = source.Open(1);
        using IExampleReader second = source.Open(1);
        Assert.Equal(100, reader.Read(features, targets));
        second.Read(again, new float[1000]);

        Assert.Equal(Curves(100), targets);
        Assert.Equal(features, again);
        Assert.InRange(features.Count(static it => it == 0), 200, 400);
        Assert.All(Enumerable.Range(0, 1000), i =>
            Assert.True(features[i] == 0 || features[i] == targets[i]));
    }

    [Fact]
    public void Views_stand_behind_each_other()
    {
        var source = new ViewSource(
            new ArrayExamples(new float[] { 1, 2, 3, 4, 5, 6 }, Array.Empty<float>(), 3, null));
        var features = new float[8];
        var targets = new float[4];
        using IExampleReader reader = source.Open(0);

        Assert.Equal(4, reader.Read(features, targets));
        Assert.Equal([1, 2, 1, 2, 3, 4, 3, 4], features);
        Assert.Equal([0, 0, 1, 1], targets);
        Assert.Equal(2, reader.Read(features, targets));
        Assert.Equal(0, reader.Read(features, targets));
    }

    [Fact]
    public void A_convolutional_encoder_finds_images_by_their_changed_views()
    {
        var shape = new TensorShape(Side, Side, 1);
        float[] images = Images(200);
        JudgedMetric few = EmbedderJudge.Of(Train("cnn(16)", shape, images, 1), images)!;
        JudgedMetric many = EmbedderJudge.Of(Train("cnn(16)", shape, images, 12), images)!;

        Assert.Equal("view_recall_at_10", many.Name);
        Assert.Equal("better than the baseline", many.Verdict);
        Assert.True(many.Value > few.Value, $"{many.Value} after {few.Value}");
        Assert.Throws<NeuroStoreException>(
            () => Train("cnn(4)", TensorShape.Flat(10), Curves(50), 1));
    }

    [Fact]
    public void A_training_that_goes_on_begins_where_the_first_ended()
    {
        float[] features = Curves(300);
        TensorShape shape = TensorShape.Flat(10);
        EncoderModel first = Train("autoencoder(2, hidden=32)", shape, features, 20);
        TrainedModel further = Run(
            "autoencoder(2, hidden=32)", shape, features, 1, first.Whole.Weights);
        TrainedModel anew = Run("autoencoder(2, hidden=32)", shape, features, 1, default);

        Assert.True(further.Log[0].Loss < anew.Log[0].Loss / 2);
    }

    [Theory]
    [InlineData("autoencoder(3)", 10, 1, 1)]
    [InlineData("cnn(8, width=0.5)", Side, Side, 1)]
    public void An_encoder_comes_back_from_its_file(string recipe, int height, int width, int count)
    {
        TensorShape shape = width == 1
            ? TensorShape.Flat(height) : new TensorShape(height, width, count);
        float[] features = width == 1 ? Curves(40) : Images(40);
        EncoderModel model = Train(recipe, shape, features, 1);
        byte[] file = ModelFile.Write(
            new ModelPackage(model, null, [], new Dictionary<string, string>()));
        Model read = ModelFile.Read(file).Model;

        Assert.Equal(model.Architecture, read.Architecture);
        Assert.Equal(VectorsOf(model, features, 40), VectorsOf(read, features, 40));
        Assert.Equal(model.OutputCount, EmbeddingModel.LengthOf(read));
    }

    [Theory]
    [InlineData("autoencoder(3)", false)]
    [InlineData("cnn(8, width=0.5)", true)]
    public void An_encoder_goes_out_as_onnx_without_what_only_training_needed(
        string recipe, bool isImage)
    {
        float[] features = isImage ? Images(40) : Curves(40);
        EncoderModel model = Train(
            recipe,
            isImage ? new TensorShape(Side, Side, 1) : TensorShape.Flat(10),
            features,
            1);
        var package = new ModelPackage(model, null, [], new Dictionary<string, string>());

        Model read = OnnxImporter.Read(OnnxExporter.Write(package, "e")).Model;

        Assert.Equal(model.OutputCount, read.OutputCount);
        Assert.Equal(ModelTask.Embedder, read.Task);
        float[] expected = VectorsOf(model, features, 40);
        float[] given = VectorsOf(read, features, 40);
        Assert.InRange(expected.Zip(given, static (a, b) => Math.Abs(a - b)).Max(), 0, 1e-5f);
        string source = CSharpModel.Write(package, "e");
        Assert.Contains(
            "OutputCount = " + LayerNames.Number(model.OutputCount),
            source,
            StringComparison.Ordinal);
        _ = CompiledModel.Compile(source);
    }

    private static float[] VectorsOf(Model model, float[] features, int count)
    {
        var vectors = new float[count * model.OutputCount];
        model.Predict(features, count, vectors);
        return vectors;
    }

    private static EncoderModel Train(
        string recipe, TensorShape shape, float[] features, int passes) =>
        (EncoderModel)Run(recipe, shape, features, passes, default).Model;

    private static TrainedModel Run(
        string text,
        TensorShape shape,
        float[] features,
        int passes,
        ReadOnlyMemory<float> initial)
    {
        Recipe recipe = Recipe.Parse(text);
        TrainingOptions options = EncoderTrainer.WithDefaults(
            recipe,
            new TrainingOptions { Epochs = passes, BatchSize = 50, LearningRate = 0.003 },
            shape,
            static name => name == "batch_size") with { InitialWeights = initial };
        var trainer = new ModelTrainer(
            recipe, ModelTask.Embedder, options, new SystemWorkers(1), TimeProvider.System);
        int count = features.Length / shape.Length;
        return trainer.Train(
            shape, 1, new ArrayExamples(features, Array.Empty<float>(), count, 1), null);
    }

    private static float[] Curves(int count)
    {
        var random = new Random(8);
        var features = new float[count * 10];
        for (int row = 0; row < count; row++)
        {
            double a = (2 * random.NextDouble()) - 1;
            double b = (2 * random.NextDouble()) - 1;
            for (int i = 0; i < 10; i++)
            {
                features[(row * 10) + i] =
                    (float)((a * Math.Cos(i)) + (b * Math.Sin(2 * i)) + (0.3 * a * b));
            }
        }

        return features;
    }

    // Each has three squares of its own.
    private static float[] Images(int count)
    {
        var random = new Random(4);
        var images = new float[count * Side * Side];
        for (int image = 0; image < count; image++)
        {
            for (int square = 0; square < 3; square++)
            {
                int y = random.Next(Side - 3);
                int x = random.Next(Side - 3);
                for (int i = 0; i < 9; i++)
                {
                    images[(((image * Side) + y + (i / 3)) * Side) + x + (i % 3)] =
                        0.5f + (square / 4f);
                }
            }
        }

        return images;
    }
}
