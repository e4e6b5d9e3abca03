namespace NeuroDb.Query;

/// <summary>
/// Converts vectors between VECTOR, HALFVEC, INT8VEC and BITVEC. A half is the nearest one, halfway
/// cases to even; INT8VEC rounds the same way under CAST, and assignment takes whole numbers only.
/// A bit is set where a number is above 0, as in pgvector's binary_quantize.
/// </summary>
internal static class VectorConverter
{
    /// <summary>The value, a vector that is not NULL, as another type of vector.</summary>
    public static Value Convert(
        Value value, DataType to, CastKind kind, SourcePosition position)
    {
        Invariant.Check(to.IsVector);
        VectorText.CheckDimension(value.VectorDimension, to.Length, position);
        if (value.Kind == to.Kind)
        {
            return value;
        }

        return OfNumbers(NumbersOf(value).Span, to.Kind, kind, position);
    }

    /// <summary>The elements of a vector of any type as numbers; bits are 0 and 1.</summary>
    public static ReadOnlyMemory<float> NumbersOf(Value vector)
    {
        if (vector.Kind == TypeKind.Vector)
        {
            return vector.AsVector();
        }

        CompactVector compact = vector.AsCompactVector();
        var numbers = new float[compact.Dimension];
        CompactVector.Widen(vector.Kind, compact.Bytes.Span, numbers);
        return numbers;
    }

    /// <summary>The vector of a type whose elements are numbers; those that do not fit, raise.
    /// </summary>
    public static Value OfNumbers(
        ReadOnlySpan<float> numbers, TypeKind kind, CastKind cast, SourcePosition position)
    {
        switch (kind)
        {
            case TypeKind.Vector:
                return Value.Of(new ReadOnlyMemory<float>(numbers.ToArray()));
            case TypeKind.HalfVector:
                return Value.Of(kind, HalvesOf(numbers, position));
            case TypeKind.Int8Vector:
                return Value.Of(kind, Int8sOf(numbers, cast, position));
            default:
                int other = cast == CastKind.Explicit ? -1 : IndexOfNoBit(numbers);
                return other < 0
                    ? Value.Of(kind, CompactVector.BitsOf(numbers))
                    : throw new NeuroStoreException(
                        ErrorCode.InvalidConversion,
                        $"Element {other + 1} of the vector is {numbers[other]}, no bit.",
                        position);
        }
    }

    private static int IndexOfNoBit(ReadOnlySpan<float> numbers)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            if (numbers[i] is not (0 or 1))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>
    /// A BITVEC of a copy of bytes, eight elements each, the lowest bit first; of a given
    /// dimension, or of as many as there are bits.
    /// </summary>
    public static Value OfBytes(ReadOnlySpan<byte> bytes, int dimension, SourcePosition position)
    {
        int count = dimension == 0 ? 8 * bytes.Length : dimension;
        VectorText.CheckDimension(count, dimension, position);
        bool hasRest = count % 8 != 0 && bytes.Length > 0 && bytes[^1] >> (count % 8) != 0;
        if (bytes.Length != CompactVector.SizeBytesOf(TypeKind.BitVector, count) || hasRest)
        {
            throw new NeuroStoreException(
                ErrorCode.DimensionMismatch,
                $"{count} bits take {(count + 7) / 8} bytes, the lowest bit first and zeros at "
                + $"the end; {bytes.Length} bytes are no such vector.",
                position);
        }

        return Value.Of(TypeKind.BitVector, new CompactVector(bytes.ToArray(), count));
    }

    private static CompactVector HalvesOf(ReadOnlySpan<float> numbers, SourcePosition position)
    {
        var halves = new Half[numbers.Length];
        for (int i = 0; i < halves.Length; i++)
        {
            halves[i] = (Half)numbers[i];
            if (!Half.IsFinite(halves[i]))
            {
                throw OutOfRange(numbers[i], i, "HALFVEC holds -65504 to 65504", position);
            }
        }

        return CompactVector.Of(halves);
    }

    private static CompactVector Int8sOf(
        ReadOnlySpan<float> numbers, CastKind cast, SourcePosition position)
    {
        var whole = new byte[numbers.Length];
        for (int i = 0; i < whole.Length; i++)
        {
            float rounded = MathF.Round(numbers[i], MidpointRounding.ToEven);
            if (rounded is not (>= sbyte.MinValue and <= sbyte.MaxValue))
            {
                throw OutOfRange(numbers[i], i, "INT8VEC holds -128 to 127", position);
            }

            if (cast != CastKind.Explicit && rounded != numbers[i])
            {
                throw new NeuroStoreException(
                    ErrorCode.InvalidConversion,
                    $"Element {i + 1} of the vector is {numbers[i]}, no whole number; write "
                    + "CAST(... AS INT8VEC) to round it.",
                    position);
            }

            whole[i] = (byte)(sbyte)rounded;
        }

        return new CompactVector(whole, whole.Length);
    }

    private static NeuroStoreException OutOfRange(
        float number, int ordinal, string range, SourcePosition position) => new(
            ErrorCode.NumericOutOfRange,
            $"Element {ordinal + 1} of the vector is {number}; {range}.",
            position);
}
