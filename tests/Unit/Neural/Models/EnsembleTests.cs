using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Ensembles, their weights and their text.</summary>
public sealed class EnsembleTests
{
    private const int Rows = 200;
    private static readonly SystemWorkers Workers = new(2);

    [Fact]
    public void Weights_are_those_of_the_least_error()
    {
        (float[] features, float[] targets) = Numbers();
        Model[] members = [Line(1, 0), Line(0, 1), Line(-1, 0)];
        (float[] weights, double[] errors, double together) = EnsembleWeights.Find(
            members, new ArrayExamples(features, targets, Rows, null));

        // The truth is .7 a + .3 b, and the third member is the first turned round.
        Assert.Equal(0.7, weights[0], 1e-2);
        Assert.Equal(0.3, weights[1], 1e-2);
        Assert.Equal(0, weights[2], 1e-2);
        Assert.Equal(1, weights.Sum(), 1e-5);
        Assert.All(errors, error => Assert.True(error > together));
        Assert.Equal(0, together, 1e-3);
    }

    [Fact]
    public void An_ensemble_is_the_weighted_mean_in_the_unit_of_the_column()
    {
        (float[] features, _) = Numbers();
        var ensemble = new EnsembleModel([Line(1, 0), Line(0, 1)], [0.25f, 0.75f], 10, 2);
        var said = new float[Rows];
        ensemble.Predict(features, Rows, said);
        for (int row = 0; row < Rows; row++)
        {
            Assert.Equal(
                10 + (2 * ((0.25 * features[2 * row]) + (0.75 * features[(2 * row) + 1]))),
                said[row],
                1e-4);
        }
    }

    [Fact]
    public void An_ensemble_comes_back_from_its_file_and_wrong_weights_are_refused()
    {
        (float[] features, float[] targets) = Numbers();
        var trainer = new ModelTrainer(
            EnsembleRecipe.TryParse("ensemble(linear, gbdt(trees=4))")!,
            ModelTask.Regressor,
            new TrainingOptions { Loss = LossKind.MeanSquared },
            Workers,
            TimeProvider.System);
        var examples = new ArrayExamples(features, targets, Rows, null);
        (TrainedModel trained, _, _) = trainer.TrainEnsemble(
            TensorShape.Flat(2), 1, examples, examples, _ => trainer.Options);
        var package = new ModelPackage(trained.Model, null, [], new Dictionary<string, string>());
        byte[] file = ModelFile.Write(package);
        Model read = ModelFile.Read(file).Model;
        var expected = new float[Rows];
        var said = new float[Rows];
        trained.Model.Predict(features, Rows, expected);
        read.Predict(features, Rows, said);
        Assert.Equal(expected, said);
        var wrong = new EnsembleModel([Line(1, 0), Line(0, 1)], [0.25f, 0.25f]);
        Assert.Equal(
            ErrorCode.MalformedModel,
            Assert.Throws<NeuroStoreException>(() => ModelFile.Read(ModelFile.Write(
                package with { Model = wrong }))).Code);
    }

    [Fact]
    public void The_text_of_an_ensemble_is_taken_apart_at_its_own_commas()
    {
        Recipe recipe = EnsembleRecipe.TryParse(
            "Ensemble( mlp(64, 32), gbdt(trees=20, depth=3), voting = 'mean')")!;
        Assert.Equal(["mlp", "gbdt"], recipe.Members.Select(static it => it.Name));
        Assert.Equal([64, 32], recipe.Members[0].Sizes);
        Assert.True(recipe.IsMean);
        Assert.Null(EnsembleRecipe.TryParse("mlp(3)"));
        Assert.Null(EnsembleRecipe.TryParse("ensemblemlp"));
        Assert.Throws<NeuroStoreException>(() => EnsembleRecipe.TryParse("ensemble"));
    }

    private static (float[] Features, float[] Targets) Numbers()
    {
        float[] features = LayerGradientTests.Numbers(Rows * 2, 5);
        return (features, [.. Enumerable.Range(0, Rows).Select(
            row => (0.7f * features[2 * row]) + (0.3f * features[(2 * row) + 1]))]);
    }

    private static NetworkModel Line(float first, float second)
    {
        Network network = NetworkBuilder.Build(TensorShape.Flat(2), "dense(1)");
        Memory<float> weights = Gpu.AlignedMemory.Allocate<float>(network.ParameterLength);
        Tensor matrix = network.TensorsOf(weights)[0];
        matrix.Data.Span[0] = first;
        matrix.Data.Span[1] = second;
        return new NetworkModel(network, weights, LossKind.MeanSquared, ModelTask.Regressor);
    }
}
