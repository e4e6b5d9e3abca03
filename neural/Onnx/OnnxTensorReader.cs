using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NeuroDb.Neural;

/// <summary>
/// Reads the constants of ONNX files: floats of 32 bits and whole numbers, whose bytes lie in the
/// file itself.
/// </summary>
internal static class OnnxTensorReader
{
    /// <summary>The most axes of a constant.</summary>
    public const int AxisCountMax = 8;

    /// <summary>The data_location of a constant that lies in another file.</summary>
    public const int External = 1;

    /// <summary>The constant of a message.</summary>
    public static OnnxTensor Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        var axes = new List<long>();
        var floats = new List<float>();
        var numbers = new List<long>();
        ReadOnlySpan<byte> raw = default;
        bool isRaw = false;
        string name = "";
        int type = 0;
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 1:
                    reader.Numbers(axes);
                    break;
                case 2:
                    type = (int)reader.Number();
                    break;
                case 4:
                    reader.Singles(floats);
                    break;
                case 5 or 7:
                    reader.Numbers(numbers);
                    break;
                case 8:
                    name = reader.Text();
                    break;
                case 9:
                    raw = reader.Bytes();
                    isRaw = true;
                    break;
                case 13:
                    throw OutsideFile(name);
                case 14:
                    CheckInside(name, reader.Number());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        int[] shape = ShapeOf(name, axes, out long length);
        return (OnnxElement)type switch
        {
            OnnxElement.Float => new OnnxTensor(
                name, shape, Check(name, length, isRaw ? FloatsOf(raw) : [.. floats]), []),
            OnnxElement.Int64 or OnnxElement.Int32 => new OnnxTensor(
                name,
                shape,
                [],
                Check(name, length, isRaw
                    ? NumbersOf(raw, (OnnxElement)type == OnnxElement.Int64) : [.. numbers])),
            _ => throw NeuralErrors.UnsupportedOnnx(
                $"The constant {name} of the ONNX file is of the type {type}; read are floats "
                + "of 32 bits and whole numbers. Export it with these."),
        };
    }

    private static void CheckInside(string name, long location)
    {
        if (location == External)
        {
            throw OutsideFile(name);
        }
    }

    private static int[] ShapeOf(string name, List<long> axes, out long length)
    {
        length = 1;
        foreach (long size in axes)
        {
            bool isPossible = axes.Count <= AxisCountMax && size is >= 0 and <= int.MaxValue
                && (size == 0 || length <= int.MaxValue / size);
            length = isPossible
                ? length * size
                : throw NeuralErrors.MalformedOnnx($"the constant {name} has an impossible shape");
        }

        return [.. axes.Select(static size => (int)size)];
    }

    private static T[] Check<T>(string name, long length, T[] values) =>
        values.Length == length
            ? values
            : throw NeuralErrors.MalformedOnnx(
                $"the constant {name} has {values.Length} numbers, and its shape {length}");

    private static float[] FloatsOf(ReadOnlySpan<byte> raw) => raw.Length % sizeof(float) == 0
        ? MemoryMarshal.Cast<byte, float>(raw).ToArray()
        : throw NeuralErrors.MalformedOnnx("a constant ends early");

    private static long[] NumbersOf(ReadOnlySpan<byte> raw, bool isLong)
    {
        int size = isLong ? sizeof(long) : sizeof(int);
        if (raw.Length % size != 0)
        {
            throw NeuralErrors.MalformedOnnx("a constant ends early");
        }

        var numbers = new long[raw.Length / size];
        for (int i = 0; i < numbers.Length; i++)
        {
            ReadOnlySpan<byte> at = raw[(i * size)..];
            numbers[i] = isLong
                ? BinaryPrimitives.ReadInt64LittleEndian(at)
                : BinaryPrimitives.ReadInt32LittleEndian(at);
        }

        return numbers;
    }

    /// <summary>The error for a constant that lies in another file.</summary>
    public static NeuroStoreException OutsideFile(string name) =>
        NeuralErrors.UnsupportedOnnx(
            $"The constant {name} lies in another file, and no other file is read. Export the "
            + "model with all weights inside.");
}
