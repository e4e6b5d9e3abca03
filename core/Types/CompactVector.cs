using System.Runtime.InteropServices;

namespace NeuroDb;

/// <summary>
/// The elements of a HALFVEC, an INT8VEC or a BITVEC as bytes, 16, 8 or 1 bit each; the type of the
/// column says which. Of bits the lowest of a byte comes first, and those behind the last element
/// are 0. The memory is not owned and must not change.
/// </summary>
internal readonly struct CompactVector
{
    private const ushort NegativeZero = 0x8000;

    /// <summary>Makes a vector over its bytes.</summary>
    public CompactVector(ReadOnlyMemory<byte> bytes, int dimension)
    {
        Bytes = bytes;
        Dimension = dimension;
    }

    /// <summary>The elements.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>How many elements.</summary>
    public int Dimension { get; }

    /// <summary>The elements of a HALFVEC.</summary>
    public ReadOnlySpan<Half> Halves => MemoryMarshal.Cast<byte, Half>(Bytes.Span);

    /// <summary>The elements of an INT8VEC.</summary>
    public ReadOnlySpan<sbyte> Int8s => MemoryMarshal.Cast<byte, sbyte>(Bytes.Span);

    /// <summary>The bytes that the elements of a vector take.</summary>
    public static int SizeBytesOf(TypeKind kind, int dimension) => kind switch
    {
        TypeKind.HalfVector => dimension * sizeof(ushort),
        TypeKind.Int8Vector => dimension,
        TypeKind.BitVector => (dimension + 7) / 8,
        _ => throw Invariant.Broken($"a compact vector, not {kind}"),
    };

    /// <summary>
    /// A HALFVEC of a copy of elements; zeros lose their sign, so that equal vectors have equal
    /// bytes.
    /// </summary>
    public static CompactVector Of(ReadOnlySpan<Half> elements)
    {
        byte[] bytes = MemoryMarshal.AsBytes(elements).ToArray();
        Span<ushort> words = MemoryMarshal.Cast<byte, ushort>(bytes.AsSpan());
        words.Replace(NegativeZero, (ushort)0);
        return new CompactVector(bytes, elements.Length);
    }

    /// <summary>An INT8VEC of a copy of elements.</summary>
    public static CompactVector Of(ReadOnlySpan<sbyte> elements) =>
        new(MemoryMarshal.AsBytes(elements).ToArray(), elements.Length);

    /// <summary>Whether the bytes are as many as the elements of that kind take.</summary>
    public bool Fits(TypeKind kind) =>
        Dimension <= Limits.VectorDimensionMax && Bytes.Length == SizeBytesOf(kind, Dimension);

    /// <summary>The vector over bytes of its own.</summary>
    public CompactVector Copy() => new(Bytes.ToArray(), Dimension);

    /// <summary>Writes the elements of a compact vector as numbers.</summary>
    public static void Widen(TypeKind kind, ReadOnlySpan<byte> bytes, Span<float> numbers)
    {
        Invariant.Check(bytes.Length == SizeBytesOf(kind, numbers.Length));
        switch (kind)
        {
            case TypeKind.HalfVector:
                ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(bytes);
                for (int i = 0; i < numbers.Length; i++)
                {
                    numbers[i] = (float)halves[i];
                }

                break;
            case TypeKind.Int8Vector:
                for (int i = 0; i < numbers.Length; i++)
                {
                    numbers[i] = (sbyte)bytes[i];
                }

                break;
            default:
                for (int i = 0; i < numbers.Length; i++)
                {
                    numbers[i] = (bytes[i / 8] >> (i % 8)) & 1;
                }

                break;
        }
    }

    /// <summary>The bits that are set where numbers are above 0.</summary>
    public static CompactVector BitsOf(ReadOnlySpan<float> numbers)
    {
        var bits = new byte[SizeBytesOf(TypeKind.BitVector, numbers.Length)];
        for (int i = 0; i < numbers.Length; i++)
        {
            bits[i / 8] |= (byte)((numbers[i] > 0 ? 1 : 0) << (i % 8));
        }

        return new CompactVector(bits, numbers.Length);
    }
}
