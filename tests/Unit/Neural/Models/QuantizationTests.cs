using NeuroDb.Gpu;
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

    [Theory]
    [InlineData(28, 28, 1, "simple_cnn")]
    [InlineData(16, 16, 3, "vgg_mini")]
    public void Networks_with_convolutions_predict_on_bytes(
        int height, int width, int channels, string name)
    {
        const int Rows = 21;
        Network network = Recipe.Parse(name).ToNetwork(
            new TensorShape(height, width, channels), 4);
        var model = new NetworkModel(
            network,
            Initializer.Create(network, 1, InitialValue.Auto),
            LossKind.MeanSquared,
            ModelTask.Regressor);
        QuantizedNetworkModel packed =
            QuantizedNetworkModel.Quantize(model, StoredPrecision.Int8);
        Assert.Equal(ByteProduct.IsFast, packed.IsByteArithmetic);
        float[] features = LayerGradientTests.Numbers(Rows * network.Input.Length, 3);
        var restored = new float[Rows * 4];
        var given = new float[Rows * 4];
        packed.Restored.Predict(features, Rows, restored);
        packed.Predict(features, Rows, given);
        float largest = restored.Max(Math.Abs);
        double worst = restored.Zip(given, (a, b) => Math.Abs(a - b)).Max();
        Assert.InRange(worst, 0, 0.05 * largest);
        var alone = new float[4];
        packed.Predict(features.AsMemory(0, network.Input.Length), 1, alone);
        Assert.Equal(given[..4], alone);
    }

    [Theory]
    [InlineData(3, 5, 1)]
    [InlineData(64, 16, 4)]
    [InlineData(130, 33, 7)]
    [InlineData(255, 64, 9)]
    public void Products_of_bytes_are_exact_in_every_form(int depth, int columns, int rows)
    {
        var random = new SeededRandomSource((ulong)depth);
        var values = new sbyte[depth * columns];
        foreach (ref sbyte value in values.AsSpan())
        {
            value = (sbyte)((int)(random.NextUInt64() % 255) - 127);
        }

        var matrix = new ByteMatrix(values, depth, columns);
        var bytes = new byte[rows * matrix.PaddedDepth];
        foreach (ref byte value in bytes.AsSpan())
        {
            value = (byte)(random.NextUInt64() % 256);
        }

        var expected = new int[rows * matrix.PaddedColumns];
        var given = new int[expected.Length];
        ByteProduct.ComputeReference(bytes, rows, matrix, expected);
        ByteProduct.Compute(bytes, rows, matrix, given);
        Assert.Equal(expected, given);
        int sum = 0;
        for (int term = 0; term < depth; term++)
        {
            sum += bytes[term] * values[(term * columns) + columns - 1];
        }

        Assert.Equal(sum, expected[columns - 1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rows_come_back_from_bytes_within_half_a_step(bool isPositive)
    {
        float[] row = [.. Enumerable.Range(0, 77).Select(
            i => (isPositive ? 1.5f : 0.5f) + MathF.Sin(i))];
        var bytes = new byte[row.Length];
        float scale = ByteRows.Round(row, isPositive, bytes);
        for (int i = 0; i < row.Length; i++)
        {
            float back = scale * (bytes[i] - (isPositive ? 0 : ByteRows.Middle));
            Assert.InRange(Math.Abs(back - row[i]), 0, 0.501 * scale);
        }

        Assert.Equal(0, ByteRows.Round(new float[5], isPositive, new byte[5]));
        Assert.Equal(0, ByteRows.Round([1, float.NaN], isPositive, new byte[2]));
    }

    [Fact]
    public void A_chain_of_dense_layers_predicts_on_bytes_near_the_floats()
    {
        Network network = NetworkBuilder.Build(
            TensorShape.Flat(210), "dense(200, relu), dense(70, relu), dense(3)");
        var model = new NetworkModel(
            network,
            Initializer.Create(network, 4, InitialValue.Auto),
            LossKind.CrossEntropy,
            ModelTask.Classifier);
        QuantizedNetworkModel packed =
            QuantizedNetworkModel.Quantize(model, StoredPrecision.Int8);
        Assert.Equal(ByteProduct.IsFast, packed.IsByteArithmetic);
        float[] features = LayerGradientTests.Numbers(210 * 131, 3);
        var expected = new float[131 * 3];
        var given = new float[131 * 3];
        model.Predict(features, 131, expected);
        packed.Predict(features, 131, given);
        double worst = expected.Zip(given, (a, b) => Math.Abs(a - b)).Max();
        Assert.InRange(worst, 1e-9, 0.03);
        var one = new float[3];
        packed.Predict(features.AsMemory(210 * 130, 210), 1, one);
        Assert.Equal(given[390..], one);
        Network small = NetworkBuilder.Build(TensorShape.Flat(4), "dense(8, relu), dense(1)");
        Assert.False(QuantizedNetworkModel.Quantize(
            new NetworkModel(
                small,
                Initializer.Create(small, 1, InitialValue.Auto),
                LossKind.MeanSquared,
                ModelTask.Regressor),
            StoredPrecision.Int8).IsByteArithmetic);
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
