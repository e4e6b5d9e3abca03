using System.Buffers.Binary;

namespace NeuroDb.Neural;

/// <summary>
/// An IDX file of bytes, as MNIST comes in: sizes of its axes and then the numbers. Nothing is
/// copied.
/// </summary>
internal readonly struct IdxFile
{
    private const int UnsignedBytes = 8;
    private const int AxesMax = 4;

    private IdxFile(int[] shape, ReadOnlyMemory<byte> data)
    {
        Shape = shape;
        Data = data;
    }

    /// <summary>The size of each axis; the first one counts the items.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The numbers in row order.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>The file of these bytes.</summary>
    public static IdxFile Read(ReadOnlyMemory<byte> file)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        if (bytes.Length < 4 || bytes[0] != 0 || bytes[1] != 0 || bytes[2] != UnsignedBytes
            || bytes[3] is 0 or > AxesMax || bytes.Length < 4 + (4 * bytes[3]))
        {
            throw NeuralErrors.MalformedImage("it does not begin as an IDX file of bytes does");
        }

        var shape = new int[bytes[3]];
        long length = 1;
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = BinaryPrimitives.ReadInt32BigEndian(bytes[(4 + (4 * i))..]);
            length = shape[i] < 0 || length > bytes.Length ? long.MaxValue / 2 : length * shape[i];
            length = Math.Min(length, long.MaxValue / int.MaxValue / 2);
        }

        int start = 4 + (4 * shape.Length);
        return length <= bytes.Length - start
            ? new IdxFile(shape, file.Slice(start, (int)length))
            : throw NeuralErrors.MalformedImage("the IDX file is shorter than its axes say");
    }
}
