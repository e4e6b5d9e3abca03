using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Networks that PyTorch wrote give here what they give there.</summary>
public sealed class TorchOnnxTests
{
    private const float Tolerance = 1e-5f;

    [Theory]
    [InlineData("mlp")]
    [InlineData("mlp_nobias")]
    [InlineData("mlp_batchnorm")]
    [InlineData("cnn")]
    [InlineData("cnn_strided")]
    [InlineData("cnn_even_strided")]
    [InlineData("resnet_basic")]
    [InlineData("gru")]
    [InlineData("texts")]
    [InlineData("resnet_block")]
    [InlineData("elu")]
    [InlineData("depthwise")]
    [InlineData("lstm")]
    [InlineData("encoder")]
    public void A_network_of_PyTorch_becomes_layers_that_give_the_same(string name)
    {
        TorchOnnx network = TorchOnnx.Of(name);
        Model model = OnnxImporter.Read(network.File).Model;
        Assert.InRange(network.DifferenceOf(model), 0, Tolerance);
    }

    public static TheoryData<string> Names => new(TorchOnnx.Names);

    [OnnxRuntimeTheory]
    [MemberData(nameof(Names))]
    public void A_network_of_PyTorch_runs_by_the_library(string name)
    {
        TorchOnnx network = TorchOnnx.Of(name);
        Model model = OnnxRuntimeImporter.Read(network.File, OnnxRuntime.Default).Model;
        Assert.InRange(network.DifferenceOf(model), 0, Tolerance);
    }

    [Theory]
    [InlineData("encoder")]
    [InlineData("lstm")]
    [InlineData("depthwise")]
    public void Damaged_files_of_PyTorch_end_in_typed_errors(string name)
    {
        byte[] file = TorchOnnx.Of(name).File;
        var random = new Random(17);
        for (int i = 0; i < 2000; i++)
        {
            byte[] damaged = [.. file];
            for (int j = random.Next(1, 4); j > 0; j--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            Exception? error = Record.Exception(() => OnnxImporter.Read(damaged));
            Assert.True(error is null or NeuroStoreException, error?.ToString());
        }
    }
}
