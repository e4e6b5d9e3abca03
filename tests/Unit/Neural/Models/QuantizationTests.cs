using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Networks stored with fewer bits.</summary>
public sealed class QuantizationTests
{
    [Theory]
    [InlineData("Int8", 0.27, 0.02)]
    [InlineData("Half", 0.51, 0.001)]
    public void Fewer_bits_are_smaller_and_near_and_come_back_from_a_file(
        string precision, double share, double tolerance)
    {
        Network network = NetworkBuilder.Build(
            new TensorShape(10, 10, 1),
            "conv(8, 3, relu), batch_norm, maxpool(2), flatten, dense(63, relu), dense(3)");
        Memory<float> weights = Initializer.Create(network, 2, InitialValue.Auto);
        var model = new NetworkModel(
            network, weights, LossKind.CrossEntropy, ModelTask.Classifier);
        QuantizedNetworkModel packed = QuantizedNetworkModel.Quantize(
            model, Enum.Parse<StoredPrecision>(precision));
        byte[] whole = ModelFile.Write(PackageOf(model));
        byte[] small = ModelFile.Write(PackageOf(packed));
        Assert.True(small.Length < (share * whole.Length) + 2048, $"{small.Length}");
        Assert.Equal(model.ParameterCount, packed.ParameterCount);
        Model again = ModelFile.Read(small).Model;
        float[] features = LayerGradientTests.Numbers(500, 3);
        float[] expected = Predict(model, features);
        float[] given = Predict(again, features);
        Assert.Equal(Predict(packed, features), given);
        double worst = expected.Zip(given, (a, b) => Math.Abs(a - b)).Max();
        Assert.InRange(worst, 1e-9, tolerance);
    }

    [Fact]
    public void Damaged_bits_and_models_that_are_no_networks_are_errors()
    {
        Network network = NetworkBuilder.Build(TensorShape.Flat(3), "dense(2)");
        var model = new NetworkModel(
            network,
            Initializer.Create(network, 1, InitialValue.Auto),
            LossKind.MeanSquared,
            ModelTask.Regressor);
        QuantizedNetworkModel packed =
            QuantizedNetworkModel.Quantize(model, StoredPrecision.Int8);
        Assert.Contains("already", Assert.Throws<NeuroStoreException>(
            () => QuantizedNetworkModel.Quantize(packed, StoredPrecision.Int8)).Message);
        Assert.Throws<NeuroStoreException>(() => QuantizedNetworkModel.Quantize(
            new CenterModel(new float[4], 2), StoredPrecision.Half));
        Dictionary<string, Tensor> tensors = packed.Tensors.ToDictionary(it => it.Name);
        string scale = tensors.Keys.Single(
            name => name.EndsWith("scale", StringComparison.Ordinal));
        tensors[scale] = Tensor.Create(scale, 3);
        Assert.Equal(ErrorCode.MalformedModel, Assert.Throws<NeuroStoreException>(
            () => QuantizedNetworkModel.FromTensors(
                network, LossKind.MeanSquared, ModelTask.Regressor, StoredPrecision.Int8,
                tensors)).Code);
    }

    private static ModelPackage PackageOf(Model model) =>
        new(model, null, ["a", "b", "c"], new Dictionary<string, string>());

    private static float[] Predict(Model model, float[] features)
    {
        var outputs = new float[features.Length / model.FeatureCount * model.OutputCount];
        model.Predict(features, features.Length / model.FeatureCount, outputs);
        return outputs;
    }
}
