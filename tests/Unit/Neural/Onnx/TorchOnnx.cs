using System.Text.Json;
using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Networks that PyTorch wrote as ONNX, with three rows that go in and what PyTorch makes of them;
/// Reference/make_onnx.py wrote them down.
/// </summary>
internal sealed class TorchOnnx
{
    private static readonly Lazy<JsonDocument> All = new(static () => JsonDocument.Parse(
        System.IO.File.ReadAllBytes(
            Path.Combine(AppContext.BaseDirectory, "Neural", "Reference", "torch_onnx.json"))));

    private readonly JsonElement _element;

    private TorchOnnx(JsonElement element) => _element = element;

    /// <summary>The names of the networks.</summary>
    public static IEnumerable<string> Names =>
        All.Value.RootElement.EnumerateObject().Select(static it => it.Name);

    /// <summary>The file.</summary>
    public byte[] File => _element.GetProperty("file").GetBytesFromBase64();

    /// <summary>What PyTorch gives.</summary>
    public float[] Outputs => Numbers("y");

    /// <summary>The rows, with the channels of images last.</summary>
    public float[] Rows
    {
        get
        {
            float[] rows = Numbers("x");
            int[] shape =
                [.. _element.GetProperty("shape").EnumerateArray().Select(it => it.GetInt32())];
            return shape is [int count, int channels, int height, int width]
                ? ChannelsLast(rows, count, channels, height * width) : rows;
        }
    }

    /// <summary>The network of a name.</summary>
    public static TorchOnnx Of(string name) => new(All.Value.RootElement.GetProperty(name));

    /// <summary>The largest difference between what a model gives and what PyTorch gives.</summary>
    public float DifferenceOf(Model model)
    {
        float[] expected = Outputs;
        var outputs = new float[expected.Length];
        model.Predict(Rows, 3, outputs);
        return outputs.Zip(expected, static (a, b) => Math.Abs(a - b)).Max();
    }

    private static float[] ChannelsLast(float[] rows, int count, int channels, int places)
    {
        var turned = new float[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            int row = i / (channels * places);
            int channel = i / places % channels;
            turned[(row * channels * places) + (i % places * channels) + channel] = rows[i];
        }

        return turned;
    }

    private float[] Numbers(string name) =>
        [.. _element.GetProperty(name).EnumerateArray().Select(static it => it.GetSingle())];
}
