using System.Runtime.InteropServices;

namespace NeuroDb.Neural;

/// <summary>
/// A network that ONNX Runtime holds, freed when nobody has it any more. Any number of threads may
/// run it at once.
/// </summary>
internal sealed unsafe class OnnxSession : SafeHandle
{
    private readonly OnnxRuntimeApi _api;

    /// <summary>Loads the file of a checked network.</summary>
    /// <param name="api">The library.</param>
    /// <param name="file">The file.</param>
    /// <param name="threads">Threads of one run.</param>
    public OnnxSession(OnnxRuntimeApi api, ReadOnlySpan<byte> file, int threads = 1)
        : base(0, ownsHandle: true)
    {
        _api = api;
        SetHandle(api.CreateSession(file, threads));
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>
    /// Runs the network and gives how many numbers came out; they are in outputs where there is
    /// room for exactly so many.
    /// </summary>
    /// <param name="input">The name of the input.</param>
    /// <param name="data">Its numbers: floats, or what the element says.</param>
    /// <param name="element">What they are.</param>
    /// <param name="shape">The size of each axis.</param>
    /// <param name="output">The name of the output.</param>
    /// <param name="outputs">Where floats go.</param>
    public long Run(
        string input,
        ReadOnlySpan<byte> data,
        OnnxElement element,
        ReadOnlySpan<long> shape,
        string output,
        Span<float> outputs)
    {
        bool isHeld = false;
        nint value = 0;
        nint result = 0;
        try
        {
            DangerousAddRef(ref isHeld);
            using var limit = new OnnxRunLimit(_api);
            fixed (byte* start = data)
            {
                value = _api.CreateTensor(start, data.Length, shape, element);
                result = _api.Run(handle, limit.Options, input, value, output);
            }

            return Take(result, outputs);
        }
        finally
        {
            Release(value);
            Release(result);
            if (isHeld)
            {
                DangerousRelease();
            }
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        _api.ReleaseSession(handle);
        return true;
    }

    private void Release(nint value)
    {
        if (value != 0)
        {
            _api.ReleaseValue(value);
        }
    }

    private long Take(nint result, Span<float> outputs)
    {
        void* numbers = _api.DataOf(result, out OnnxElement element, out long count);
        if (count != outputs.Length)
        {
            return count;
        }

        switch (element)
        {
            case OnnxElement.Float:
                new ReadOnlySpan<float>(numbers, (int)count).CopyTo(outputs);
                break;
            case OnnxElement.Double:
                Convert(new ReadOnlySpan<double>(numbers, (int)count), outputs);
                break;
            case OnnxElement.Int64:
                Convert(new ReadOnlySpan<long>(numbers, (int)count), outputs);
                break;
            default:
                throw NeuralErrors.OnnxRuntimeFailed($"its output is of the type {element}");
        }

        return count;
    }

    private static void Convert<T>(ReadOnlySpan<T> source, Span<float> target)
        where T : System.Numerics.INumber<T>
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = float.CreateTruncating(source[i]);
        }
    }
}
