using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace NeuroDb.Storage;

/// <summary>
/// Collects the bounds of the values of each extent for the directory: numbers as they lie in
/// memory, texts as at most 32 bytes of UTF-8, each with its length in 2 bytes before it.
/// </summary>
internal sealed class ZoneWriter
{
    /// <summary>The most bytes of a bound that is a text, its length not counted.</summary>
    public const int TextSizeBytesMax = 32;

    private const int LastRuneSizeBytes = 4;
    private static readonly Rune LastRune = new(0x10FFFF);
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>The bytes so far.</summary>
    public int Position => _bytes.WrittenCount;

    /// <summary>The bounds so far.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <summary>Notes the bounds of numbers; those in the place of a NULL equal others.</summary>
    public ZoneKind Write<T>(ReadOnlySpan<T> values, bool isAllNull)
        where T : unmanaged, IComparable<T>
    {
        if (isAllNull)
        {
            return ZoneKind.None;
        }

        T min = values[0];
        T max = values[0];
        foreach (T value in values)
        {
            if (IsNaN(value))
            {
                return ZoneKind.None;
            }

            min = value.CompareTo(min) < 0 ? value : min;
            max = value.CompareTo(max) > 0 ? value : max;
        }

        _bytes.WriteRaw<T>([min, max]);
        return ZoneKind.Exact;
    }

    /// <summary>Notes the bounds of texts.</summary>
    public ZoneKind Write(ColumnStore<string> column, int start, int count)
    {
        int minRow = -1;
        int maxRow = -1;
        for (int row = start; row < start + count; row++)
        {
            if (!column.IsNull(row))
            {
                minRow = minRow < 0 || Compare(column, row, minRow) < 0 ? row : minRow;
                maxRow = maxRow < 0 || Compare(column, row, maxRow) > 0 ? row : maxRow;
            }
        }

        if (minRow < 0)
        {
            return ZoneKind.None;
        }

        ReadOnlySpan<char> min = TextAt(column, minRow);
        ReadOnlySpan<char> max = TextAt(column, maxRow);
        int minLength = PrefixOf(min, TextSizeBytesMax);
        int maxLength = PrefixOf(max, TextSizeBytesMax);
        bool isMaxCut = maxLength < max.Length;
        ReadOnlySpan<char> upper = max;
        if (isMaxCut)
        {
            // The highest code point behind the prefix encloses all that begins with it, unless
            // the text goes on with that very code point.
            maxLength = PrefixOf(max, TextSizeBytesMax - LastRuneSizeBytes);
            _ = Rune.DecodeFromUtf16(max[maxLength..], out Rune next, out _);
            if (next == LastRune)
            {
                return ZoneKind.None;
            }

            upper = string.Concat(max[..maxLength], LastRune.ToString());
        }

        WriteText(min[..minLength]);
        WriteText(upper);
        return minLength == min.Length && !isMaxCut ? ZoneKind.Exact : ZoneKind.Enclosing;
    }

    private static ReadOnlySpan<char> TextAt(ColumnStore<string> column, int row) =>
        MemoryMarshal.Cast<byte, char>(column.BytesAt(row));

    private static int Compare(ColumnStore<string> column, int left, int right) =>
        CodePointOrder.Compare(TextAt(column, left), TextAt(column, right));

    private static bool IsNaN<T>(T value) =>
        typeof(T) == typeof(double) && double.IsNaN(Unsafe.As<T, double>(ref value));

    private static int PrefixOf(ReadOnlySpan<char> text, int sizeBytesMax)
    {
        int size = 0;
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            size += rune.Utf8SequenceLength;
            if (size > sizeBytesMax)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return length;
    }

    private void WriteText(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[TextSizeBytesMax];
        int size = TextEncoding.Strict.GetBytes(text, bytes);
        _bytes.WriteRaw<ushort>([(ushort)size]);
        _bytes.Write(bytes[..size]);
    }
}
