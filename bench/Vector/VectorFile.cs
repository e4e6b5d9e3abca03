using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace NeuroDb.Bench;

/// <summary>
/// Vectors read from a file: fvecs (a length and that many floats for each vector), or idx of
/// bytes as images come in, also compressed.
/// </summary>
internal sealed record VectorFile(float[] Vectors, int Dimension)
{
    private const uint IdxBytes3 = 0x00000803;

    /// <summary>How many vectors.</summary>
    public int Count => Vectors.Length / Dimension;

    /// <summary>One vector, copied.</summary>
    public float[] Row(int index) => Vectors[(index * Dimension)..((index + 1) * Dimension)];

    /// <summary>The first so many.</summary>
    public VectorFile First(int count) =>
        new(Vectors[..(Math.Min(count, Count) * Dimension)], Dimension);

    /// <summary>Reads at most so many vectors.</summary>
    public static VectorFile Read(string path, int countMax)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            using var stream = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            using var target = new MemoryStream();
            stream.CopyTo(target);
            bytes = target.ToArray();
        }

        return BinaryPrimitives.ReadUInt32BigEndian(bytes) == IdxBytes3
            ? ReadIdx(bytes, countMax)
            : ReadFvecs(bytes, countMax, path);
    }

    /// <summary>The same vectors with length 1; zeros stay.</summary>
    public VectorFile Normalised()
    {
        float[] scaled = [.. Vectors];
        for (int start = 0; start < scaled.Length; start += Dimension)
        {
            double sum = 0;
            for (int i = 0; i < Dimension; i++)
            {
                sum += (double)scaled[start + i] * scaled[start + i];
            }

            float scale = sum > 0 ? (float)(1 / Math.Sqrt(sum)) : 0;
            for (int i = 0; i < Dimension; i++)
            {
                scaled[start + i] *= scale;
            }
        }

        return new VectorFile(scaled, Dimension);
    }

    private static VectorFile ReadIdx(byte[] bytes, int countMax)
    {
        int count = (int)Math.Min(
            countMax, BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4)));
        int dimension = (int)(BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(8))
            * BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(12)));
        var vectors = new float[(long)count * dimension];
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] = bytes[16 + i];
        }

        return new VectorFile(vectors, dimension);
    }

    private static VectorFile ReadFvecs(byte[] bytes, int countMax, string path)
    {
        int dimension = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        int size = (dimension + 1) * sizeof(float);
        if (dimension is < 1 or > 65_536 || bytes.Length % size != 0)
        {
            throw new InvalidDataException($"{path} is not a file of fvecs");
        }

        int count = Math.Min(countMax, bytes.Length / size);
        var vectors = new float[(long)count * dimension];
        for (int i = 0; i < count; i++)
        {
            MemoryMarshal.Cast<byte, float>(bytes.AsSpan(i * size, size))[1..]
                .CopyTo(vectors.AsSpan(i * dimension));
        }

        return new VectorFile(vectors, dimension);
    }
}
