using System.Globalization;
using System.Text;

namespace NeuroDb.Query;

/// <summary>The text form of vectors: '[1,2.5,-3e4]', as in pgvector.</summary>
internal static class VectorText
{
    /// <summary>Reads a vector; raises typed errors that name the element.</summary>
    /// <param name="text">The text; blanks are allowed around elements.</param>
    /// <param name="dimension">The dimension wanted, or 0 for any.</param>
    /// <param name="position">The place in the statement, for errors.</param>
    public static float[] Parse(
        ReadOnlySpan<char> text, int dimension, SourcePosition position = default)
    {
        ReadOnlySpan<char> inner = text.Trim();
        if (inner.Length < 2 || inner[0] != '[' || inner[^1] != ']')
        {
            throw Invalid("A vector is written '[1,2.5,3]', in brackets", position);
        }

        inner = inner[1..^1];
        int count = inner.IsWhiteSpace() ? 0 : inner.Count(',') + 1;
        CheckDimension(count, dimension, position);
        var elements = new float[count];
        for (int i = 0; i < count; i++)
        {
            int comma = inner.IndexOf(',');
            ReadOnlySpan<char> element = comma < 0 ? inner : inner[..comma];
            elements[i] = ParseElement(element, i, position);
            inner = inner[(comma + 1)..];
        }

        return elements;
    }

    /// <summary>The shortest text that reads back as the same vector.</summary>
    public static string Format(ReadOnlySpan<float> vector)
    {
        var text = new StringBuilder(2 + (vector.Length * 10));
        text.Append('[');
        Span<char> buffer = stackalloc char[32];
        for (int i = 0; i < vector.Length; i++)
        {
            if (i > 0)
            {
                text.Append(',');
            }

            vector[i].TryFormat(buffer, out int written, default, CultureInfo.InvariantCulture);
            text.Append(buffer[..written]);
        }

        return text.Append(']').ToString();
    }

    /// <summary>
    /// Raises an error unless a dimension is the wanted one and within the limit.
    /// </summary>
    public static void CheckDimension(int actual, int wanted, SourcePosition position)
    {
        if (actual == 0 || actual > Limits.VectorDimensionMax)
        {
            throw new NeuroStoreException(
                ErrorCode.DimensionMismatch,
                $"A vector has 1 to {Limits.VectorDimensionMax} elements, this one {actual}.",
                position);
        }

        if (wanted != 0 && actual != wanted)
        {
            throw new NeuroStoreException(
                ErrorCode.DimensionMismatch,
                $"A vector of {wanted} elements is expected here, this one has {actual}.",
                position);
        }
    }

    private static float ParseElement(
        ReadOnlySpan<char> text, int ordinal, SourcePosition position)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingWhite
            | NumberStyles.AllowTrailingWhite | NumberStyles.AllowLeadingSign
            | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!float.TryParse(text, Style, CultureInfo.InvariantCulture, out float element))
        {
            throw Invalid(
                $"Element {ordinal + 1} of the vector, '{ValueText.Shorten(text)}', is no number",
                position);
        }

        return float.IsFinite(element)
            ? element
            : throw new NeuroStoreException(
                ErrorCode.NonFiniteVector,
                $"Element {ordinal + 1} of the vector, '{ValueText.Shorten(text)}', is not a "
                + "finite 32-bit number.",
                position);
    }

    private static NeuroStoreException Invalid(string what, SourcePosition position) =>
        new(ErrorCode.InvalidText, $"{what}; expected is text like '[0.1, -2, 3e-4]'.", position);
}
