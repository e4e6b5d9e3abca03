using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Exported files compile by themselves and say what the engine says.</summary>
public sealed class CSharpExportTests
{
    private static readonly SystemWorkers Workers = new(2);

    [Fact]
    public void Networks_of_every_layer_give_the_same_numbers_in_their_file()
    {
        (string Name, TensorShape Input, string Layers)[] networks =
        [
            ("Plain", TensorShape.Flat(5), "dense(7, relu), dense(6), leaky_relu, layer_norm, "
                + "gelu, dense(4), tanh, dropout(0.5), dense(3)"),
            ("Image", new TensorShape(9, 8, 2), "conv(4, 3, relu), batch_norm, "
                + "residual(conv(4, 3, same), relu, conv(4, 3, same)), maxpool(2, same), "
                + "separable(6, 3, same), avgpool(2), flatten, dense(5), sigmoid, dense(3)"),
            ("Strided", new TensorShape(11, 11, 1), "residual(conv(6, 3, same, stride=2), "
                + "batch_norm, relu), depthwise(3, stride=2), global_maxpool, flatten, dense(3)"),
            ("Text", TensorShape.Flat(6), "embedding(20, 8), position, transformer(2, 12), "
                + "gru(5, sequence), gru(4), dense(3)"),
            ("Memory", new TensorShape(1, 6, 4), "dense(5), elu, lstm(4, sequence), silu, "
                + "lstm(3), softplus, dense(4), selu, dense(4), relu6, dense(4), hard_swish, "
                + "dense(4), hard_sigmoid, dense(3)"),
            ("Mean", new TensorShape(1, 7, 3), "conv(4, 3, same), global_avgpool, flatten, "
                + "dense(3)"),
        ];
        var sources = new List<string>();
        var models = new List<NetworkModel>();
        foreach ((string name, TensorShape input, string layers) in networks)
        {
            Network network = NetworkBuilder.Build(input, layers);
            Memory<float> weights = Initializer.Create(network, 3, InitialValue.Glorot);
            float[] noise = LayerGradientTests.Numbers(weights.Length, 5);
            for (int i = 0; i < noise.Length; i++)
            {
                weights.Span[i] += Math.Abs(noise[i]) * 0.1f;
            }

            models.Add(new NetworkModel(
                network, weights, LossKind.CrossEntropy, ModelTask.Classifier));
            var package = new ModelPackage(
                models[^1], null, ["a", "b", "c"], new Dictionary<string, string>());
            sources.Add(CSharpModel.Write(package, name));
            Assert.Equal(sources[^1], CSharpModel.Write(package, name));
        }

        CompiledModel compiled = CompiledModel.Compile([.. sources]);
        for (int i = 0; i < models.Count; i++)
        {
            CheckRows(compiled, networks[i].Name, models[i], networks[i].Name == "Text");
        }
    }

    [Fact]
    public void Other_models_give_the_same_numbers_in_their_file()
    {
        (string Recipe, ModelTask Task, int Outputs)[] kinds =
        [
            ("gbdt(trees=5, depth=3)", ModelTask.Classifier, 3),
            ("random_forest(trees=5)", ModelTask.Regressor, 1),
            ("isolation_forest", ModelTask.Anomaly, 1),
            ("kmeans(3)", ModelTask.Cluster, 1),
        ];
        Model[] models = [.. kinds.Select(kind => new ModelTrainer(
            Recipe.Parse(kind.Recipe), kind.Task, new TrainingOptions(), Workers,
            TimeProvider.System)
            .Train(TensorShape.Flat(4), kind.Outputs, TrainerTests.Blobs(60, 4, 3), null).Model)];
        CompiledModel compiled = CompiledModel.Compile([.. models.Select(
            (model, i) => CSharpModel.Write(
                new ModelPackage(model, null, [], new Dictionary<string, string>()),
                $"other model {i}"))]);
        for (int i = 0; i < models.Length; i++)
        {
            CheckRows(compiled, $"OtherModel{i}", models[i], false);
        }
    }

    [Fact]
    public void Models_of_several_members_give_the_same_numbers_in_their_file()
    {
        Model Train(string recipe, ModelTask task, int features, int outputs) => new ModelTrainer(
            Recipe.Parse(recipe),
            task,
            new TrainingOptions
            {
                Epochs = 2,
                Loss = task == ModelTask.Regressor
                    ? LossKind.MeanSquared : LossKind.CrossEntropy,
            },
            Workers,
            TimeProvider.System)
            .Train(TensorShape.Flat(features), outputs, TrainerTests.Blobs(60, features, 3), null)
            .Model;
        Model[] models =
        [
            new EnsembleModel(
                [
                    Train("mlp(5)", ModelTask.Classifier, 4, 3),
                    Train("gbdt(trees=4, depth=2)", ModelTask.Classifier, 4, 3),
                ],
                [0.25f, 0.75f]),
            new EnsembleModel(
                [
                    new PartModel(Train("linear", ModelTask.Regressor, 2, 1), 0, 6),
                    new PartModel(Train("decision_tree", ModelTask.Regressor, 4, 1), 2, 6),
                ],
                [0.5f, 0.5f],
                3,
                2),
            new GroupModel(
                [
                    Train("mlp(5)", ModelTask.Classifier, 4, 3),
                    Train("decision_tree(depth=3)", ModelTask.Classifier, 4, 3),
                ]),
        ];
        CompiledModel compiled = CompiledModel.Compile([.. models.Select(
            (model, i) => CSharpModel.Write(
                new ModelPackage(model, null, [], new Dictionary<string, string>()),
                $"joined {i}"))]);
        for (int i = 0; i < models.Length; i++)
        {
            CheckRows(compiled, $"Joined{i}", models[i], false);
        }
    }

    [Fact]
    public void Raw_columns_go_through_the_same_transforms()
    {
        FeatureColumn[] columns =
        [
            FeatureColumn.Number("age"), FeatureColumn.Text("the \"job\""),
            FeatureColumn.Text("note"), FeatureColumn.Number("class"),
            new("vec", ColumnKind.Vector, TensorShape.Flat(2)),
        ];
        var rows = new RawRows(columns, 5) { Count = 5 };
        string?[] notes = ["good day", "don't go, D\u00c4Y \u65e5\u672c", "", null, "good"];
        for (int i = 0; i < 5; i++)
        {
            rows.Numbers[0][i] = i == 2 ? double.NaN : 20 + (i * 3.3);
            rows.Texts[1][i] = i == 3 ? null : "job" + (i % 2);
            rows.Texts[2][i] = notes[i];
            rows.Numbers[3][i] = i % 3;
            rows.Vectors[4][i] = new float[] { i, -i };
        }

        FeaturePipeline pipeline = FeaturePipeline.Fit(
            columns,
            [
                new(TransformKind.MinMax, "age"), new(TransformKind.OneHot, "the \"job\""),
                new(TransformKind.Hash, "the \"job\"", 16), new(TransformKind.Ngrams, "note", 32),
                new(TransformKind.Words, "note", 4),
                new(TransformKind.BagOfWords, "note", 16), new(TransformKind.Ordinal, "class"),
            ],
            [rows]);
        int width = pipeline.Output.Length;
        var model = new CenterModel(LayerGradientTests.Numbers(2 * width, 4), width);
        CompiledModel compiled = CompiledModel.Compile(CSharpModel.Write(
            new ModelPackage(model, pipeline, [], new Dictionary<string, string>()), "2nd"));
        var expected = new float[5 * width];
        var isUsable = new bool[5];
        pipeline.Apply(rows, expected, isUsable);
        Assert.Equal([true, true, false, false, true], isUsable);
        for (int i = 0; i < 5; i++)
        {
            var given = (float[]?)compiled.Call(
                "Model2nd", "Features", rows.Numbers[0][i], rows.Texts[1][i], rows.Texts[2][i],
                rows.Numbers[3][i], rows.Vectors[4][i].ToArray());
            Assert.Equal(isUsable[i] ? expected[(i * width)..((i + 1) * width)] : null, given);
        }
    }

    private static void CheckRows(
        CompiledModel compiled, string name, Model model, bool isWhole)
    {
        const int Rows = 4;
        float[] features = LayerGradientTests.Numbers(Rows * model.FeatureCount, 8);
        if (isWhole)
        {
            features = [.. features.Select(number => MathF.Floor(Math.Abs(number) * 19))];
        }

        var expected = new float[Rows * model.OutputCount];
        model.Predict(features, Rows, expected);
        for (int row = 0; row < Rows; row++)
        {
            var given = (float[])compiled.Call(
                name, "Outputs",
                features[(row * model.FeatureCount)..((row + 1) * model.FeatureCount)])!;
            for (int i = 0; i < given.Length; i++)
            {
                float value = expected[(row * model.OutputCount) + i];
                Assert.True(
                    Math.Abs(value - given[i]) <= 1e-5 * Math.Max(1, Math.Abs(value)),
                    $"{name}: {value} became {given[i]}");
            }
        }
    }
}
