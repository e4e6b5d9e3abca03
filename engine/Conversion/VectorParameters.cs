using System.Collections;

namespace NeuroDb;

/// <summary>
/// Turns .NET arrays of halves, signed bytes and bits into vectors and back. What comes in is
/// copied once, and nothing of the caller's memory is kept.
/// </summary>
internal static class VectorParameters
{
    /// <summary>A HALFVEC of a copy of the elements, all of which must be finite.</summary>
    public static Value OfHalves(ReadOnlySpan<Half> elements)
    {
        CheckLength(elements.Length);
        for (int i = 0; i < elements.Length; i++)
        {
            if (!Half.IsFinite(elements[i]))
            {
                throw new NeuroStoreException(
                    ErrorCode.NonFiniteVector,
                    $"Element {i + 1} of the vector is {elements[i]}, no finite number.");
            }
        }

        return Value.Of(TypeKind.HalfVector, CompactVector.Of(elements));
    }

    /// <summary>An INT8VEC of a copy of the elements.</summary>
    public static Value OfInt8s(ReadOnlySpan<sbyte> elements)
    {
        CheckLength(elements.Length);
        return Value.Of(TypeKind.Int8Vector, CompactVector.Of(elements));
    }

    /// <summary>A BITVEC of a copy of the bits.</summary>
    public static Value OfBits(BitArray bits)
    {
        CheckLength(bits.Length);
        var bytes = new byte[CompactVector.SizeBytesOf(TypeKind.BitVector, bits.Length)];
        for (int i = 0; i < bits.Length; i++)
        {
            bytes[i / 8] |= (byte)((bits[i] ? 1 : 0) << (i % 8));
        }

        return Value.Of(TypeKind.BitVector, new CompactVector(bytes, bits.Length));
    }

    /// <summary>The bits of a BITVEC.</summary>
    public static BitArray ToBits(CompactVector vector) =>
        new(vector.Bytes.ToArray()) { Length = vector.Dimension };

    private static void CheckLength(int length)
    {
        if (length > Limits.VectorDimensionMax)
        {
            throw new ResourceLimitException(
                ErrorCode.ResourceLimit,
                $"A vector of {length} elements is longer than the limit of "
                + $"{Limits.VectorDimensionMax}.");
        }
    }
}
