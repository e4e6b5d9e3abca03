using System.Globalization;
using System.Text;

namespace NeuroDb.Query;

/// <summary>
/// The text form of HALFVEC and INT8VEC, '[1,-2.5]', and of BITVEC, '1010'; bits are also read in
/// the form of the others.
/// </summary>
internal static class CompactVectorText
{
    /// <summary>Reads a vector of a type; raises typed errors.</summary>
    public static Value Parse(string text, DataType type, SourcePosition position = default)
    {
        ReadOnlySpan<char> inner = text.AsSpan().Trim();
        if (type.Kind == TypeKind.BitVector && !inner.StartsWith("["))
        {
            return Value.Of(type.Kind, ParseBits(inner, type.Length, position));
        }

        float[] numbers = VectorText.Parse(inner, type.Length, position);
        if (type.Kind == TypeKind.BitVector)
        {
            int other = Array.FindIndex(numbers, static number => number is not (0 or 1));
            if (other >= 0)
            {
                throw Invalid($"Element {other + 1} of the vector is no bit", position);
            }
        }

        return VectorConverter.OfNumbers(numbers, type.Kind, CastKind.Assignment, position);
    }

    /// <summary>The shortest text that reads back as the same vector.</summary>
    public static string Format(TypeKind kind, CompactVector vector)
    {
        var text = new StringBuilder(2 + (vector.Dimension * (kind == TypeKind.BitVector ? 1 : 6)));
        if (kind == TypeKind.BitVector)
        {
            ReadOnlySpan<byte> bits = vector.Bytes.Span;
            for (int i = 0; i < vector.Dimension; i++)
            {
                text.Append((bits[i / 8] >> (i % 8) & 1) == 0 ? '0' : '1');
            }

            return text.ToString();
        }

        text.Append('[');
        for (int i = 0; i < vector.Dimension; i++)
        {
            text.Append(i == 0 ? "" : ",");
            _ = kind == TypeKind.HalfVector
                ? text.Append(CultureInfo.InvariantCulture, $"{vector.Halves[i]}")
                : text.Append(CultureInfo.InvariantCulture, $"{vector.Int8s[i]}");
        }

        return text.Append(']').ToString();
    }

    private static CompactVector ParseBits(
        ReadOnlySpan<char> text, int dimension, SourcePosition position)
    {
        if (text.ContainsAnyExcept('0', '1'))
        {
            throw Invalid($"'{ValueText.Shorten(text)}' holds more than 0 and 1", position);
        }

        VectorText.CheckDimension(text.Length, dimension, position);
        var bits = new byte[CompactVector.SizeBytesOf(TypeKind.BitVector, text.Length)];
        for (int i = 0; i < text.Length; i++)
        {
            bits[i / 8] |= (byte)((text[i] - '0') << (i % 8));
        }

        return new CompactVector(bits, text.Length);
    }

    private static NeuroStoreException Invalid(string what, SourcePosition position) =>
        new(ErrorCode.InvalidText, $"{what}; a BITVEC is written '1010' or '[1,0,1,0]'.", position);
}
