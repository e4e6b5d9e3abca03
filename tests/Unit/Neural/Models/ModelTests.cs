using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Trees, centers, closed forms, transforms and the file of models.</summary>
public sealed class ModelTests
{
    private static readonly SystemWorkers Workers = new(2);

    [Theory]
    [InlineData("tree")]
    [InlineData("forest")]
    [InlineData("boosted")]
    public void Trees_learn_what_no_line_can(string kind)
    {
        const int Rows = 400;
        float[] features = LayerGradientTests.Numbers(Rows * 3, 1);
        float[] targets = [.. Enumerable.Range(0, Rows).Select(
            i => features[3 * i] * features[(3 * i) + 1] > 0 ? 1f : 0f)];
        TreeOptions options = new() { Trees = 40, DepthMax = 5 };
        TreeModel model = Train(kind, features, targets, 2, options);
        var outputs = new float[Rows * 2];
        model.Predict(features, Rows, outputs);
        int right = Enumerable.Range(0, Rows).Count(
            i => Classes.Best(outputs.AsSpan(2 * i, 2)) == (int)targets[i]);
        Assert.True(right > 0.93 * Rows, $"{right} of {Rows}");
        Assert.Equal(1, model.Importance.Sum(), 1e-6);
        Assert.True(model.Importance[2] < model.Importance[0]);
        Assert.All(outputs, probability => Assert.InRange(probability, 0, 1.00001f));
    }

    [Theory]
    [InlineData("tree")]
    [InlineData("forest")]
    [InlineData("boosted")]
    public void Trees_follow_a_number_and_repeat_themselves(string kind)
    {
        const int Rows = 300;
        float[] features = LayerGradientTests.Numbers(Rows * 2, 2);
        features[7] = float.NaN;
        float[] targets = [.. Enumerable.Range(0, Rows).Select(
            i => MathF.Sin(3 * features[2 * i]))];
        targets[3] = 0;
        TreeOptions options = new() { Trees = 60, DepthMax = 6, LeafRowsMin = 3 };
        TreeModel model = Train(kind, features, targets, 0, options);
        var outputs = new float[Rows];
        model.Predict(features, Rows, outputs);
        Assert.True(RegressionMetrics.Of(targets, outputs).R2 > 0.9);
        var again = new float[Rows];
        Train(kind, features, targets, 0, options).Predict(features, Rows, again);
        Assert.Equal(outputs, again);
    }

    [Fact]
    public void An_outlier_is_soon_alone()
    {
        float[] features = LayerGradientTests.Numbers(400, 3);
        features[0] = 9;
        features[1] = -9;
        TreeModel model = TreeTrainer.TrainIsolation(features, 200, new TreeOptions(), Workers);
        var scores = new float[200];
        model.Predict(features, 200, scores);
        Assert.Equal(scores.Max(), scores[0]);
        Assert.True(scores[0] > 0.65);
        Assert.True(scores.Skip(1).Average() < 0.55);
    }

    [Fact]
    public void The_closed_form_is_that_of_least_squares()
    {
        float[] features = LayerGradientTests.Numbers(60, 4);
        float[] targets = [.. Enumerable.Range(0, 20).Select(
            i => (2 * features[3 * i]) - features[(3 * i) + 1] + 5)];
        (double[] weights, double bias) = LinearSolver.Solve(features, targets);
        Assert.Equal(2, weights[0], 1e-5);
        Assert.Equal(-1, weights[1], 1e-5);
        Assert.Equal(0, weights[2], 1e-5);
        Assert.Equal(5, bias, 1e-5);
    }

    [Fact]
    public void Transforms_learn_from_the_training_only_and_survive_the_file()
    {
        FeatureColumn[] columns =
        [
            FeatureColumn.Number("age"),
            FeatureColumn.Text("city"),
            FeatureColumn.Text("note"),
            new("v", ColumnKind.Vector, TensorShape.Flat(2)),
        ];
        RawRows rows = Rows(columns);
        TransformSpec[] asked =
        [
            new(TransformKind.OneHot, "city"), new(TransformKind.Ngrams, "note", 32),
            new(TransformKind.MinMax, "age"), new(TransformKind.StandardScale, "age"),
        ];
        FeaturePipeline pipeline = FeaturePipeline.Fit(columns, asked, [rows]);
        int width = pipeline.Output.Length;
        Assert.Equal(2 + 2 + 32 + 2, width);
        var numbers = new float[3 * width];
        var isUsable = new bool[3];
        Assert.Equal(2, pipeline.Apply(rows, numbers, isUsable));
        Assert.Equal([true, true, false], isUsable);
        Assert.Equal([0f, -1f, 0f, 1f], numbers[..4]);
        Assert.Equal([1f, 1f, 1f, 0f], numbers.AsSpan(width, 4).ToArray());
        Assert.Equal("city=Bern", pipeline.NameOf(2));
        rows.Texts[1][0] = "Rome";
        Assert.Equal(2, pipeline.Apply(rows, numbers, isUsable));
        Assert.Equal([0f, 0f], numbers.AsSpan(2, 2).ToArray());
        ModelPackage stored = new(Line(width), pipeline, ["a", "b"], Facts());
        ModelPackage read = ModelFile.Read(ModelFile.Write(stored));
        var again = new float[3 * width];
        read.Pipeline!.Apply(rows, again, isUsable);
        Assert.Equal(numbers, again);
        Assert.Equal(["a", "b"], read.Labels);
        Assert.Equal("7", read.Facts["seed"]);
    }

    [Fact]
    public void Text_without_a_transform_is_refused_with_advice()
    {
        FeatureColumn[] columns = [FeatureColumn.Text("name")];
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => FeaturePipeline.Fit(columns, [], []));
        Assert.Contains("ngrams(name)", error.Message, StringComparison.Ordinal);
        Assert.Throws<NeuroStoreException>(() => FeaturePipeline.Fit(
            columns, [new(TransformKind.OneHot, "nam")], []));
        Assert.Throws<NeuroStoreException>(() => FeaturePipeline.Fit(
            columns, [new(TransformKind.StandardScale, "name")], []));
    }

    [Fact]
    public void Every_kind_of_model_survives_its_file_to_the_bit()
    {
        float[] features = LayerGradientTests.Numbers(90, 5);
        float[] targets = [.. Enumerable.Range(0, 30).Select(i => (float)(i % 3))];
        TreeOptions options = new() { Trees = 5 };
        Model[] models =
        [
            Line(3),
            Train("tree", features, targets, 3, options),
            Train("boosted", features, targets, 3, options),
            TreeTrainer.TrainIsolation(features, 30, options, Workers),
            new CenterModel(features.AsMemory(0, 9), 3),
        ];
        foreach (Model model in models)
        {
            byte[] file = ModelFile.Write(new ModelPackage(model, null, [], Facts()));
            Model read = ModelFile.Read(file).Model;
            var before = new float[30 * model.OutputCount];
            var after = new float[30 * model.OutputCount];
            model.Predict(features, 30, before);
            read.Predict(features, 30, after);
            Assert.Equal(before, after);
            Assert.Equal(model.Architecture, read.Architecture);
            Assert.Equal(file, ModelFile.Write(new ModelPackage(read, null, [], Facts())));
        }
    }

    [Fact]
    public void A_changed_byte_of_a_file_is_always_refused()
    {
        byte[] file = ModelFile.Write(new ModelPackage(Line(4), null, ["x"], Facts()));
        for (int i = 0; i < file.Length; i++)
        {
            byte[] changed = [.. file];
            changed[i] ^= 0x40;
            NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(
                () => ModelFile.Read(changed));
            Assert.Equal(ErrorCode.MalformedModel, error.Code);
            Assert.ThrowsAny<NeuroStoreException>(() => ModelFile.Read(file.AsMemory(0, i)));
        }
    }

    private static TreeModel Train(
        string kind, float[] features, float[] targets, int classes, TreeOptions options) =>
        kind switch
        {
            "tree" => TreeTrainer.TrainTree(features, targets, classes, options, Workers),
            "forest" => TreeTrainer.TrainForest(features, targets, classes, options, Workers),
            _ => TreeTrainer.TrainBoosted(features, targets, classes, options, Workers),
        };

    private static NetworkModel Line(int inputs)
    {
        Network network = NetworkBuilder.Build(TensorShape.Flat(inputs), "dense(2)");
        return new NetworkModel(
            network,
            Initializer.Create(network, 1, InitialValue.Auto),
            LossKind.CrossEntropy,
            ModelTask.Classifier);
    }

    private static Dictionary<string, string> Facts() => new() { ["seed"] = "7" };

    private static RawRows Rows(FeatureColumn[] columns)
    {
        var rows = new RawRows(columns, 3) { Count = 3 };
        double[] ages = [10, 20, double.NaN];
        string?[] cities = ["Bern", "Ulm", "Ulm"];
        string?[] notes = ["a good day", "a bad day", "none"];
        (cities[0], cities[1]) = (cities[1], cities[0]);
        ages.CopyTo(rows.Numbers[0], 0);
        cities.CopyTo(rows.Texts[1], 0);
        notes.CopyTo(rows.Texts[2], 0);
        for (int i = 0; i < 3; i++)
        {
            rows.Vectors[3][i] = new float[] { i, 1 };
        }

        return rows;
    }
}
