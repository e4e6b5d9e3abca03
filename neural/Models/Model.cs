namespace NeuroDb.Neural;

/// <summary>
/// A trained function from features to outputs. Immutable; any number of threads may predict with
/// it at once.
/// </summary>
internal abstract class Model
{
    /// <summary>
    /// The kind that a model file names: network, network_int8, network_fp16, encoder, onnx, trees,
    /// centers, bag or group.
    /// </summary>
    public abstract string Kind { get; }

    /// <summary>How the model is built, for its file and for users.</summary>
    public abstract string Architecture { get; }

    /// <summary>What it says about a row.</summary>
    public abstract ModelTask Task { get; }

    /// <summary>Numbers of the features of a row.</summary>
    public abstract int FeatureCount { get; }

    /// <summary>Numbers of the outputs of a row.</summary>
    public abstract int OutputCount { get; }

    /// <summary>All numbers that training found, by name.</summary>
    public abstract IReadOnlyList<Tensor> Tensors { get; }

    /// <summary>Floating-point operations for one row, about.</summary>
    public abstract long FlopPerRow { get; }

    /// <summary>How many numbers training found.</summary>
    public virtual long ParameterCount => Tensors.Sum(tensor => (long)tensor.Data.Length);

    /// <summary>How much each feature was used, adding up to 1; empty if the model is not of a
    /// kind that says so by itself.</summary>
    public virtual IReadOnlyList<double> Importance => [];

    /// <summary>Fills outputs (count, outputs) from features (count, features).</summary>
    public abstract void Predict(ReadOnlyMemory<float> features, int count, Span<float> outputs);
}
