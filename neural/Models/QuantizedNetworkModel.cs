using System.Runtime.InteropServices;

namespace NeuroDb.Neural;

/// <summary>
/// A network whose weight matrices are stored with fewer bits: symmetric int8 with a scale for each
/// output channel, w = q max|w| / 127 (Jacob et al., CVPR 2018, section 2.1, without zero point),
/// or half precision. Biases, gains and running moments stay as they are. Chains of dense layers of
/// int8 run on products of bytes where the processor has them; all else runs on restored weights.
/// </summary>
internal sealed class QuantizedNetworkModel : Model
{
    /// <summary>The kind of a model file with int8 weights.</summary>
    public const string Int8Kind = "network_int8";

    /// <summary>The kind of a model file with half-precision weights.</summary>
    public const string HalfKind = "network_fp16";

    private const int Int8Max = 127;
    private const string ScaleSuffix = ".scale";
    private readonly ByteNetwork? _bytes;
    private readonly NetworkOnBytes? _layersOnBytes;

    private QuantizedNetworkModel(
        NetworkModel restored, StoredPrecision precision, IReadOnlyList<Tensor> tensors)
    {
        Restored = restored;
        Precision = precision;
        Tensors = tensors;
        _bytes = precision == StoredPrecision.Int8 && Gpu.ByteProduct.IsFast
            ? ByteNetwork.TryCreate(
                restored.Network,
                restored.Weights,
                Loss.Create(restored.Loss),
                [.. tensors.Where(static it => it.Name.EndsWith(
                    ScaleSuffix, StringComparison.Ordinal)).Select(static it =>
                        (ReadOnlyMemory<float>)it.Data)])
            : null;
        _layersOnBytes = precision == StoredPrecision.Int8 && Gpu.ByteProduct.IsFast
            && _bytes is null
            ? NetworkOnBytes.TryCreate(restored) : null;
    }

    /// <summary>Whether predictions are products of bytes.</summary>
    public bool IsByteArithmetic => _bytes is not null || _layersOnBytes is not null;

    /// <summary>The network with the weights that the stored bits stand for.</summary>
    public NetworkModel Restored { get; }

    /// <summary>How weights are stored.</summary>
    public StoredPrecision Precision { get; }

    /// <inheritdoc/>
    public override string Kind => Precision == StoredPrecision.Int8 ? Int8Kind : HalfKind;

    /// <inheritdoc/>
    public override string Architecture => Restored.Architecture;

    /// <inheritdoc/>
    public override ModelTask Task => Restored.Task;

    /// <inheritdoc/>
    public override int FeatureCount => Restored.FeatureCount;

    /// <inheritdoc/>
    public override int OutputCount => Restored.OutputCount;

    /// <inheritdoc/>
    /// <remarks>
    /// Packed tensors are floats only by their length: each holds four or two weights as bits.
    /// </remarks>
    public override IReadOnlyList<Tensor> Tensors { get; }

    /// <inheritdoc/>
    public override long FlopPerRow => Restored.FlopPerRow;

    /// <inheritdoc/>
    public override long ParameterCount => Restored.ParameterCount;

    /// <summary>What the numbers of a stored tensor are.</summary>
    /// <param name="kind">The kind of the model.</param>
    /// <param name="name">The name of the tensor.</param>
    /// <param name="names">The names of all its tensors.</param>
    public static string ElementsOf(string kind, string name, IReadOnlySet<string> names)
    {
        string[] parts = name.Split('.');
        bool isMatrix = parts[^1] is "weights" or "recurrent" or "input" or "output"
            || (parts.Length > 1 && parts[^1] == "rows" && parts[^2] == "embedding");
        return kind == Int8Kind && names.Contains(name + ScaleSuffix) ? "int8"
            : kind == HalfKind && isMatrix ? "float16" : "float32";
    }

    /// <summary>The model with its weights rounded.</summary>
    public static QuantizedNetworkModel Quantize(Model model, StoredPrecision precision)
    {
        NetworkModel network = model as NetworkModel ?? throw NeuralErrors.InvalidModel(
            model is QuantizedNetworkModel
                ? "The model is quantized already; quantize the version that it was made from."
                : $"QUANTIZE takes networks; this model is of the kind {model.Kind}, whose "
                    + "numbers are thresholds and positions.");
        var packed = new List<Tensor>();
        foreach ((ParameterSpec spec, Tensor tensor) in
            ParametersOf(network.Network, model.Tensors))
        {
            if (spec.Role != ParameterRole.Weights)
            {
                packed.Add(tensor);
            }
            else if (precision == StoredPrecision.Half)
            {
                packed.Add(PackHalves(tensor));
            }
            else
            {
                packed.AddRange(PackBytes(tensor));
            }
        }

        return FromTensors(
            network.Network, network.Loss, network.Task, precision,
            packed.ToDictionary(tensor => tensor.Name));
    }

    /// <summary>The model whose <see cref="Tensors"/> these are.</summary>
    public static QuantizedNetworkModel FromTensors(
        Network network,
        LossKind loss,
        ModelTask task,
        StoredPrecision precision,
        IReadOnlyDictionary<string, Tensor> tensors)
    {
        Memory<float> weights = Gpu.AlignedMemory.Allocate<float>(network.ParameterLength);
        var used = new List<Tensor>();
        foreach ((ParameterSpec spec, Tensor target) in
            ParametersOf(network, network.TensorsOf(weights)))
        {
            Tensor stored = tensors[target.Name];
            used.Add(stored);
            if (spec.Role != ParameterRole.Weights)
            {
                Require(stored, target.Data.Length);
                stored.Data.CopyTo(target.Data);
            }
            else if (precision == StoredPrecision.Half)
            {
                Require(stored, (target.Data.Length + 1) / 2);
                UnpackHalves(stored.Data.Span, target.Data.Span);
            }
            else
            {
                Tensor scales = tensors[target.Name + ScaleSuffix];
                Require(stored, (target.Data.Length + 3) / 4);
                Require(scales, target.Shape[^1]);
                UnpackBytes(stored.Data.Span, scales.Data.Span, target.Data.Span);
                used.Add(scales);
            }
        }

        if (used.Count != tensors.Count)
        {
            throw NeuralErrors.MalformedModel("the tensors do not fit the layers");
        }

        return new QuantizedNetworkModel(
            new NetworkModel(network, weights, loss, task), precision, used);
    }

    /// <inheritdoc/>
    public override void Predict(
        ReadOnlyMemory<float> features, int count, Span<float> outputs)
    {
        if (_bytes is not null)
        {
            _bytes.Predict(features, count, outputs);
            return;
        }

        if (_layersOnBytes is not null)
        {
            _layersOnBytes.Predict(features, count, outputs);
            return;
        }

        Restored.Predict(features, count, outputs);
    }

    private static IEnumerable<(ParameterSpec Spec, Tensor Tensor)> ParametersOf(
        Network network, IReadOnlyList<Tensor> tensors) =>
        network.Nodes.SelectMany(node => node.Layer.Parameters).Zip(tensors);

    private static void Require(Tensor stored, int length)
    {
        if (stored.Data.Length != length)
        {
            throw NeuralErrors.MalformedModel($"{stored.Name} does not have {length} numbers");
        }
    }

    private static Tensor PackHalves(Tensor tensor)
    {
        Tensor packed = Tensor.Create(tensor.Name, (tensor.Data.Length + 1) / 2);
        Span<Half> halves = MemoryMarshal.Cast<float, Half>(packed.Data.Span);
        for (int i = 0; i < tensor.Data.Length; i++)
        {
            halves[i] = (Half)tensor.Data.Span[i];
            if (!Half.IsFinite(halves[i]))
            {
                throw NeuralErrors.InvalidModel(
                    $"{tensor.Name} has a weight of {tensor.Data.Span[i]}, and fp16 ends at "
                    + "65504; use int8.");
            }
        }

        return packed;
    }

    private static void UnpackHalves(ReadOnlySpan<float> packed, Span<float> weights)
    {
        ReadOnlySpan<Half> halves = MemoryMarshal.Cast<float, Half>(packed);
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = (float)halves[i];
        }
    }

    private static Tensor[] PackBytes(Tensor tensor)
    {
        int channels = tensor.Shape[^1];
        ReadOnlySpan<float> weights = tensor.Data.Span;
        Tensor packed = Tensor.Create(tensor.Name, (weights.Length + 3) / 4);
        Tensor scales = Tensor.Create(tensor.Name + ScaleSuffix, channels);
        for (int i = 0; i < weights.Length; i++)
        {
            ref float scale = ref scales.Data.Span[i % channels];
            scale = Math.Max(scale, Math.Abs(weights[i]) / Int8Max);
        }

        Span<sbyte> bytes = MemoryMarshal.Cast<float, sbyte>(packed.Data.Span);
        for (int i = 0; i < weights.Length; i++)
        {
            float scale = scales.Data.Span[i % channels];
            bytes[i] = (sbyte)(scale > 0
                ? Math.Clamp(MathF.Round(weights[i] / scale), -Int8Max, Int8Max) : 0);
        }

        return [packed, scales];
    }

    private static void UnpackBytes(
        ReadOnlySpan<float> packed, ReadOnlySpan<float> scales, Span<float> weights)
    {
        ReadOnlySpan<sbyte> bytes = MemoryMarshal.Cast<float, sbyte>(packed);
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = bytes[i] * scales[i % scales.Length];
        }
    }
}
