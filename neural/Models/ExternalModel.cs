using System.Runtime.InteropServices;

namespace NeuroDb.Neural;

/// <summary>
/// A model that stays outside: a file, or a function of the program. What is kept is where it is,
/// how many numbers it takes and gives, and the hash of the file. It is looked for when the first
/// row comes, by what the open database knows. Its only tensor holds the number of outputs and the
/// hash, eight floats by their bits; zeros where there is no file.
/// </summary>
internal sealed class ExternalModel : Model
{
    /// <summary>The kind of a model file.</summary>
    public const string ExternalKind = "external";

    private const string TensorName = "external";
    private const int HashBytes = 32;
    private const int TensorLength = 1 + (HashBytes / sizeof(float));
    private readonly Tensor _tensor;
    private readonly Lazy<ExternalCall> _call;

    private ExternalModel(
        string location,
        ModelTask task,
        int features,
        Tensor tensor,
        Func<ExternalModel, ExternalCall>? open)
    {
        Location = location;
        Task = task;
        FeatureCount = features;
        OutputCount = (int)tensor.Data.Span[0];
        _tensor = tensor;
        _call = new Lazy<ExternalCall>(() => open?.Invoke(this) ?? throw NeuralErrors.InvalidModel(
            $"The model {location} stays outside and cannot be asked here."));
    }

    /// <summary>Where it is: onnx:path or delegate:name.</summary>
    public string Location { get; }

    /// <summary>The SHA-256 of the file; zeros where there is none.</summary>
    public ReadOnlySpan<byte> Hash => MemoryMarshal.AsBytes(_tensor.Data.Span)[sizeof(float)..];

    /// <inheritdoc/>
    public override string Kind => ExternalKind;

    /// <inheritdoc/>
    public override string Architecture => Location;

    /// <inheritdoc/>
    public override ModelTask Task { get; }

    /// <inheritdoc/>
    public override int FeatureCount { get; }

    /// <inheritdoc/>
    public override int OutputCount { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Tensors => [_tensor];

    /// <inheritdoc/>
    public override long ParameterCount => 0;

    /// <inheritdoc/>
    public override long FlopPerRow => 0;

    /// <summary>A model that is somewhere.</summary>
    /// <param name="location">Where.</param>
    /// <param name="task">What it says about a row.</param>
    /// <param name="features">How many numbers it takes.</param>
    /// <param name="outputs">How many it gives.</param>
    /// <param name="hash">The SHA-256 of the file, or nothing.</param>
    public static ExternalModel Create(
        string location, ModelTask task, int features, int outputs, ReadOnlySpan<byte> hash)
    {
        Tensor tensor = Tensor.Create(TensorName, TensorLength);
        tensor.Data.Span[0] = outputs;
        hash.CopyTo(MemoryMarshal.AsBytes(tensor.Data.Span)[sizeof(float)..]);
        return new ExternalModel(location, task, features, tensor, null);
    }

    /// <summary>The model whose <see cref="Tensors"/> these are.</summary>
    public static ExternalModel FromTensors(
        string location,
        ModelTask task,
        int features,
        IReadOnlyDictionary<string, Tensor> tensors)
    {
        Tensor tensor = tensors[TensorName];
        return tensors.Count == 1 && tensor.Data.Length == TensorLength
            && tensor.Data.Span[0] is >= 1 and <= Limits.VectorDimensionMax
                ? new ExternalModel(location, task, features, tensor, null)
                : throw NeuralErrors.MalformedModel("it does not say what it gives");
    }

    /// <summary>The same, found by what a database knows.</summary>
    public ExternalModel With(Func<ExternalModel, ExternalCall> open) =>
        new(Location, Task, FeatureCount, _tensor, open);

    /// <inheritdoc/>
    public override void Predict(ReadOnlyMemory<float> features, int count, Span<float> outputs) =>
        _call.Value(features, count, outputs);
}
