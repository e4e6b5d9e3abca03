using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Predictions in fewer passes say what the layers one by one say.</summary>
public sealed class InferenceNetworkTests
{
    [Theory]
    [InlineData(1, 1, 6, "dense(5), batch_norm, relu, dense(4), relu, dense(2)", 3)]
    [InlineData(9, 8, 3, "conv(4, 3, same), batch_norm, relu, maxpool(2), flatten, dense(2)", 4)]
    [InlineData(9, 8, 3, "depthwise(3, same), batch_norm, relu, global_avgpool, dense(2)", 4)]
    [InlineData(9, 8, 3, "conv(4, 3), relu, batch_norm, tanh, flatten, dense(2)", 5)]
    [InlineData(8, 8, 4, "residual(conv(4, 3, same), batch_norm), relu, flatten, dense(2)", 4)]
    [InlineData(8, 8, 4, "conv(4, 1), residual(batch_norm, relu, conv(4, 1)), relu, flatten, "
        + "dense(2)", 7)]
    [InlineData(1, 1, 6, "batch_norm, dense(2), relu", 2)]
    [InlineData(1, 1, 6, "dense(5, relu), dropout(0.5), dense(2)", 2)]
    [InlineData(1, 1, 6, "dropout(0.5), dense(2), dropout(0.5)", 2)]
    [InlineData(8, 8, 4, "residual(conv(4, 1), dropout(0.5)), relu, flatten, dense(2)", 4)]
    [InlineData(9, 7, 16, "conv(20, 3, same), batch_norm, relu, flatten, dense(2)", 3)]
    [InlineData(1, 9, 17, "conv(16, 3, same, relu), global_avgpool, flatten, dense(2)", 4)]
    public void Merged_layers_say_the_same(
        int height, int width, int channels, string layers, int nodes)
    {
        const int Rows = 5;
        Network network = NetworkBuilder.Build(
            new TensorShape(height, width, channels), layers);
        Memory<float> weights = Initializer.Create(network, 1, InitialValue.Auto);
        var random = new Random(4);
        foreach (Tensor tensor in network.TensorsOf(weights))
        {
            foreach (ref float weight in tensor.Data.Span)
            {
                weight += random.NextSingle() * 0.5f;
            }
        }

        float[] rows = [.. Enumerable.Range(0, Rows * network.Input.Length)
            .Select(_ => (random.NextSingle() * 2) - 1)];
        var expected = new float[Rows * network.Output.Length];
        new Predictor(network, weights, Loss.Create(LossKind.MeanSquared))
            .Run(rows, Rows, expected);
        (Network fewer, ReadOnlyMemory<float> own) = InferenceNetwork.Of(network, weights);
        var given = new float[expected.Length];
        new Predictor(fewer, own, Loss.Create(LossKind.MeanSquared)).Run(rows, Rows, given);
        Assert.Equal(nodes, fewer.Nodes.Count);
        Assert.True(expected.Distinct().Count() > 1);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], given[i], 1e-4 * Math.Max(1, Math.Abs(expected[i])));
        }
    }

    [Fact]
    public void A_network_without_anything_to_merge_stays_itself()
    {
        Network network = NetworkBuilder.Build(TensorShape.Flat(3), "dense(4, relu), dense(2)");
        Memory<float> weights = Initializer.Create(network, 1, InitialValue.Auto);
        Assert.Same(network, InferenceNetwork.Of(network, weights).Network);
    }
}
