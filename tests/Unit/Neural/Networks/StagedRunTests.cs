using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Examples that go through a network in pieces come out as from the whole.</summary>
public sealed class StagedRunTests
{
    [Theory]
    [InlineData(28, 28, 1, "simple_cnn")]
    [InlineData(32, 32, 3, "vgg_mini")]
    [InlineData(40, 36, 3, "resnet_mini")]
    [InlineData(32, 32, 3, "xception_mini")]
    [InlineData(1, 24, 16, "text_transformer")]
    [InlineData(1, 1, 30, "mlp")]
    public void Pieces_give_what_the_whole_gives(int height, int width, int channels, string name)
    {
        Network network = Recipe.Parse(name).ToNetwork(
            new TensorShape(height, width, channels), 3);
        Memory<float> weights = Initializer.Create(network, 1, InitialValue.Auto);
        var staged = new StagedRun(network);
        int count = Math.Min(staged.CountMax, 19);
        var random = new Random(2);
        float[] rows = [.. Enumerable.Range(0, count * network.Input.Length)
            .Select(_ => random.NextSingle())];
        ReadOnlySpan<float> expected = new NetworkRun(network, count, isTraining: false)
            .Forward(rows, count, weights.Span);
        Assert.Equal(expected, staged.Forward(rows, count, weights.Span));
        Assert.Equal(
            expected[..(2 * 3)],
            staged.Forward(rows.AsMemory(0, 2 * network.Input.Length), 2, weights.Span));
    }

    [Fact]
    public void A_network_without_layers_gives_its_input()
    {
        var network = new Network(TensorShape.Flat(2), "", []);
        float[] row = [1, 2];
        Assert.Equal(row, new StagedRun(network).Forward(row, 1, default).ToArray());
    }
}
