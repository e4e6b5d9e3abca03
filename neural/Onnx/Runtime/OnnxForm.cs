using System.Runtime.InteropServices;

namespace NeuroDb.Neural;

/// <summary>
/// How rows go into a network of others and come out of it: the input and its order, and the
/// output that is taken.
/// </summary>
/// <param name="Input">The input.</param>
/// <param name="Output">The output.</param>
/// <param name="Shape">The shape of a row as tables hold it, channels last.</param>
/// <param name="RowCount">The rows that each run takes; 0 for any number.</param>
/// <param name="IsChannelsFirst">Whether images go in with their channels first.</param>
/// <param name="Architecture">What it is made of.</param>
internal sealed record OnnxForm(
    OnnxValue Input,
    OnnxValue Output,
    TensorShape Shape,
    int RowCount,
    bool IsChannelsFirst,
    string Architecture)
{
    private const int SideMax = 1 << 16;
    private const int RowCountMax = 4096;

    /// <summary>The form of a network.</summary>
    /// <exception cref="NeuroStoreException">Rows of numbers cannot go into it.</exception>
    public static OnnxForm Of(OnnxSignature signature)
    {
        if (signature.Inputs is not [OnnxValue input])
        {
            throw NeuralErrors.UnsupportedOnnx(
                $"The ONNX graph has {signature.Inputs.Count} inputs; one is needed.");
        }

        bool isNumeric = input.Element is OnnxElement.Float or OnnxElement.Int64
            or OnnxElement.Int32 or OnnxElement.Double;
        OnnxValue? output = signature.Outputs.Find(static it => it.Element == OnnxElement.Float)
            ?? signature.Outputs.Find(static it => it.Element is OnnxElement.Double);
        if (!isNumeric || output is null || input.Shape.Count is < 2 or > 4)
        {
            throw NeuralErrors.UnsupportedOnnx(
                $"The ONNX input {input.Name} must be rows of numbers with 2 to 4 axes, and an "
                + "output must be of floats.");
        }

        long[] sizes = [.. input.Shape.Skip(1)];
        if (sizes.Any(static size => size is < 1 or > SideMax) || input.Shape[0] > RowCountMax)
        {
            throw NeuralErrors.UnsupportedOnnx(
                $"The sizes of the ONNX input {input.Name} must be known, all but the first, and "
                + $"at most {SideMax}; export it with fixed sizes.");
        }

        bool isImage = sizes.Length == 3;
        bool isFirst = isImage && sizes[0] is 1 or 3 or 4 && !(sizes[2] is 1 or 3 or 4)
            && signature.Notes.GetValueOrDefault(OnnxExporter.LayoutNote)
                != OnnxExporter.ChannelsLast;
        try
        {
            TensorShape shape = sizes switch
            {
                [long length] => TensorShape.Flat((int)length),
                [long steps, long width] => new TensorShape(1, (int)steps, (int)width),
                _ => isFirst
                    ? new TensorShape((int)sizes[1], (int)sizes[2], (int)sizes[0])
                    : new TensorShape((int)sizes[0], (int)sizes[1], (int)sizes[2]),
            };
            _ = shape.Length;
            return new OnnxForm(
                input,
                output,
                shape,
                (int)Math.Max(0, input.Shape[0]),
                isFirst,
                $"onnxruntime({signature.Summary})");
        }
        catch (OverflowException)
        {
            throw NeuralErrors.MalformedOnnx(
                $"the input {input.Name} is larger than possible");
        }
    }

    /// <summary>Runs rows and gives how many numbers came out.</summary>
    public long Run(
        OnnxSession session, ReadOnlySpan<float> features, int rows, Span<float> outputs)
    {
        float[]? turned = null;
        if (IsChannelsFirst && Shape.Channels > 1)
        {
            turned = new float[features.Length];
            ToChannelsFirst(features, turned);
        }

        ReadOnlySpan<float> numbers = turned ?? features;
        ReadOnlySpan<byte> data = Input.Element switch
        {
            OnnxElement.Float => MemoryMarshal.AsBytes(numbers),
            OnnxElement.Int64 => MemoryMarshal.AsBytes<long>(Converted<long>(numbers)),
            OnnxElement.Int32 => MemoryMarshal.AsBytes<int>(Converted<int>(numbers)),
            _ => MemoryMarshal.AsBytes<double>(Converted<double>(numbers)),
        };
        long[] shape = [rows, .. Input.Shape.Skip(1)];
        return session.Run(Input.Name, data, Input.Element, shape, Output.Name, outputs);
    }

    private static T[] Converted<T>(ReadOnlySpan<float> numbers)
        where T : System.Numerics.INumber<T>
    {
        var converted = new T[numbers.Length];
        for (int i = 0; i < converted.Length; i++)
        {
            converted[i] = T.CreateSaturating(numbers[i]);
        }

        return converted;
    }

    private void ToChannelsFirst(ReadOnlySpan<float> features, Span<float> turned)
    {
        int places = Shape.Places;
        int channels = Shape.Channels;
        for (int row = 0; row < features.Length; row += Shape.Length)
        {
            for (int place = 0; place < places; place++)
            {
                for (int channel = 0; channel < channels; channel++)
                {
                    turned[row + (channel * places) + place] =
                        features[row + (place * channels) + channel];
                }
            }
        }
    }
}
