using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Shares of features by slopes add up to what they explain.</summary>
public sealed class IntegratedGradientTests
{
    [Theory]
    [InlineData("dense(8), tanh, dense(3)", "CrossEntropy")]
    [InlineData("dense(8), batch_norm, relu, dropout(.5), dense(1)", "MeanSquared")]
    [InlineData("dense(8), sigmoid, dense(1)", "BinaryCrossEntropy")]
    public void Shares_add_up_to_the_difference_from_the_base(string layers, string kind)
    {
        var loss = Enum.Parse<LossKind>(kind);
        Network network = NetworkBuilder.Build(TensorShape.Flat(4), layers);
        NetworkModel model = ModelOf(network, loss);
        float[] row = [1, -2, 0.5f, 3];
        float[] origin = [0, 1, 0.5f, -1];
        double[] shares = IntegratedGradients.Explain(model, row, origin, 0, 512);
        var outputs = new float[network.Output.Length];
        model.Predict(row, 1, outputs);
        double said = outputs[0];
        model.Predict(origin, 1, outputs);
        Assert.Equal(said - outputs[0], shares.Sum(), 1e-2);
        Assert.Equal(0, shares[2]);
    }

    [Theory]
    [InlineData("dense(6), batch_norm, tanh, dropout(.5), dense(1)")]
    [InlineData("dense(6), tanh, batch_norm, dense(1)")]
    public void Slopes_of_features_are_those_of_what_is_predicted(string layers)
    {
        // Running moments stand for those of batches, and nothing is dropped.
        Network network = NetworkBuilder.Build(TensorShape.Flat(3), layers);
        NetworkModel model = ModelOf(network, LossKind.MeanSquared);
        float[] row = [0.3f, -0.2f, 0.5f];
        float[] slopes = model.InputGradient(row, 0);
        var outputs = new float[1];
        for (int i = 0; i < row.Length; i++)
        {
            const float Step = 1e-2f;
            float[] moved = [.. row];
            moved[i] += Step;
            model.Predict(moved, 1, outputs);
            double above = outputs[0];
            moved[i] -= 2 * Step;
            model.Predict(moved, 1, outputs);
            Assert.Equal((above - outputs[0]) / (2 * Step), slopes[i], 2e-3);
            Assert.NotEqual(0, slopes[i]);
        }
    }

    [Fact]
    public void A_line_gives_each_feature_its_weight_times_its_way()
    {
        Network network = NetworkBuilder.Build(TensorShape.Flat(2), "dense(1)");
        var model = new NetworkModel(
            network, new float[] { 2, -3, 7 }, LossKind.MeanSquared, ModelTask.Regressor);
        double[] shares = IntegratedGradients.Explain(model, [4, 5], [1, 1], 0, 8);
        Assert.Equal(6, shares[0], 1e-5);
        Assert.Equal(-12, shares[1], 1e-5);
    }

    private static NetworkModel ModelOf(Network network, LossKind loss)
    {
        var random = new Random(7);
        float[] weights = [.. Enumerable.Range(0, network.ParameterLength)
            .Select(_ => (float)(random.NextDouble() + 0.1))];
        return new NetworkModel(
            network,
            weights,
            loss,
            network.Output.Length > 1 ? ModelTask.Classifier : ModelTask.Regressor);
    }
}
