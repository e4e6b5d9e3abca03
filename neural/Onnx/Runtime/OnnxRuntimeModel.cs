using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace NeuroDb.Neural;

/// <summary>
/// A network of operators that are none of our layers, run by ONNX Runtime. Its file is its only
/// tensor: the length and the number of outputs (8 bytes each), then the bytes of the file. The
/// library sees it when the first row comes, and only after <see cref="OnnxCheck"/>.
/// </summary>
internal sealed class OnnxRuntimeModel : Model
{
    /// <summary>The kind of a model file.</summary>
    public const string FileKind = "onnx";

    private const string TensorName = "file";
    private const int PrefixBytes = 16;
    private readonly Tensor _tensor;
    private readonly OnnxRuntime _runtime;
    private readonly Lazy<OnnxSession> _session;
    private readonly OnnxForm _form;
    private readonly long _parameterCount;

    private OnnxRuntimeModel(
        Tensor tensor, OnnxForm form, ModelTask task, long parameterCount, OnnxRuntime runtime)
    {
        _tensor = tensor;
        _form = form;
        _parameterCount = parameterCount;
        _runtime = runtime;
        Task = task;
        OutputCount = (int)BinaryPrimitives.ReadInt64LittleEndian(Bytes[8..]);
        _session = new Lazy<OnnxSession>(() => new OnnxSession(_runtime.Load(), File));
        Architecture = form.Architecture;
    }

    /// <summary>The bytes of the file.</summary>
    public ReadOnlySpan<byte> File => Bytes.Slice(
        PrefixBytes, (int)BinaryPrimitives.ReadInt64LittleEndian(Bytes));

    /// <summary>The shape of a row.</summary>
    public TensorShape Input => _form.Shape;

    /// <summary>The SHA-256 of the file.</summary>
    public string FileHash => Convert.ToHexStringLower(SHA256.HashData(File));

    /// <inheritdoc/>
    public override string Kind => FileKind;

    /// <inheritdoc/>
    public override string Architecture { get; }

    /// <inheritdoc/>
    public override ModelTask Task { get; }

    /// <inheritdoc/>
    public override int FeatureCount => _form.Shape.Length;

    /// <inheritdoc/>
    public override int OutputCount { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Tensors => [_tensor];

    /// <inheritdoc/>
    public override long ParameterCount => _parameterCount;

    /// <inheritdoc/>
    /// <remarks>A product for each number of the weights, at least.</remarks>
    public override long FlopPerRow => 2 * _parameterCount;

    private ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(_tensor.Data.Span);

    /// <summary>The model of a file that was checked.</summary>
    /// <param name="file">The file.</param>
    /// <param name="signature">What the check says of it.</param>
    /// <param name="task">What it says about a row.</param>
    /// <param name="outputs">How many numbers it gives.</param>
    /// <param name="runtime">The library.</param>
    public static OnnxRuntimeModel Create(
        ReadOnlySpan<byte> file,
        OnnxSignature signature,
        ModelTask task,
        int outputs,
        OnnxRuntime runtime)
    {
        Tensor tensor = Tensor.Create(TensorName, (PrefixBytes + file.Length + 3) / 4);
        Span<byte> bytes = MemoryMarshal.AsBytes(tensor.Data.Span);
        BinaryPrimitives.WriteInt64LittleEndian(bytes, file.Length);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], outputs);
        file.CopyTo(bytes[PrefixBytes..]);
        return new OnnxRuntimeModel(
            tensor, OnnxForm.Of(signature), task, signature.ParameterCount, runtime);
    }

    /// <summary>The model whose <see cref="Tensors"/> these are.</summary>
    public static OnnxRuntimeModel FromTensors(
        ModelTask task, IReadOnlyDictionary<string, Tensor> tensors)
    {
        Tensor tensor = tensors[TensorName];
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(tensor.Data.Span);
        long length = bytes.Length < PrefixBytes
            ? -1 : BinaryPrimitives.ReadInt64LittleEndian(bytes);
        long outputs = length < 0 ? 0 : BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        if (length < 0 || length > bytes.Length - PrefixBytes || tensors.Count != 1
            || outputs is < 1 or > Limits.VectorDimensionMax)
        {
            throw NeuralErrors.MalformedModel("its ONNX file is not whole");
        }

        OnnxSignature signature = OnnxCheck.Read(bytes.Slice(PrefixBytes, (int)length));
        return new OnnxRuntimeModel(
            tensor, OnnxForm.Of(signature), task, signature.ParameterCount, OnnxRuntime.Default);
    }

    /// <summary>The same, run by a library that the program named.</summary>
    public OnnxRuntimeModel With(OnnxRuntime runtime) => ReferenceEquals(runtime, _runtime)
        ? this
        : new OnnxRuntimeModel(_tensor, _form, Task, _parameterCount, runtime);

    /// <inheritdoc/>
    public override void Predict(ReadOnlyMemory<float> features, int count, Span<float> outputs)
    {
        int inputs = FeatureCount;
        int width = OutputCount;
        int rows = _form.RowCount > 0 ? _form.RowCount : count;
        if (features.Length < count * inputs || outputs.Length < count * width)
        {
            throw new NeuroStoreException(
                ErrorCode.DimensionMismatch,
                $"The network takes {inputs} numbers and gives {width} for each of {count} rows.");
        }

        for (int at = 0; at < count; at += rows)
        {
            int own = Math.Min(rows, count - at);
            ReadOnlySpan<float> part = features.Span.Slice(at * inputs, own * inputs);
            Span<float> target = outputs.Slice(at * width, own * width);
            if (own == rows)
            {
                Run(part, rows, target);
                continue;
            }

            // A network for a fixed number of rows gets zeros behind the last ones.
            var padded = new float[rows * inputs];
            part.CopyTo(padded);
            var all = new float[rows * width];
            Run(padded, rows, all);
            all.AsSpan(0, target.Length).CopyTo(target);
        }
    }

    private void Run(ReadOnlySpan<float> features, int rows, Span<float> outputs)
    {
        long given = _form.Run(_session.Value, features, rows, outputs);
        if (given != outputs.Length)
        {
            throw NeuralErrors.OnnxRuntimeFailed(
                $"it gave {given} numbers for {rows} rows, not {OutputCount} for each");
        }
    }
}
