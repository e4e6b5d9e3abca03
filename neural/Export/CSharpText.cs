using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace NeuroDb.Neural;

/// <summary>
/// Builds the text of a C# file: indented lines, literals, and arrays in base 64.
/// </summary>
internal sealed class CSharpText
{
    private const int LineLength = 96;
    private const int ValuesPerLine = 4;
    private readonly StringBuilder _text = new();

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>A line at a depth of four blanks each; an empty one stays empty.</summary>
    public CSharpText Line(int depth = 0, string text = "")
    {
        _text.Append(' ', text.Length == 0 ? 0 : 4 * depth).Append(text).Append('\n');
        return this;
    }

    /// <summary>A piece of code as it is, with an empty line before it.</summary>
    public CSharpText Piece(string code)
    {
        _text.Append('\n').Append(code.ReplaceLineEndings("\n")).Append('\n');
        return this;
    }

    /// <summary>A field that holds floats.</summary>
    public CSharpText Floats(string name, ReadOnlySpan<float> values) =>
        Array(name, "float", MemoryMarshal.AsBytes(values));

    /// <summary>A field that holds whole numbers.</summary>
    public CSharpText Integers(string name, ReadOnlySpan<int> values) =>
        Array(name, "int", MemoryMarshal.AsBytes(values));

    /// <summary>A field that holds texts.</summary>
    public CSharpText Texts(string name, string access, IReadOnlyList<string> values)
    {
        Line(1, $"{access} static readonly string[] {name} =").Line(1, "{");
        foreach (string[] row in values.Chunk(ValuesPerLine))
        {
            Line(2, string.Join(", ", row.Select(Literal)) + ",");
        }

        return Line(1, "};");
    }

    /// <summary>A text as a literal of printable ASCII.</summary>
    public static string Literal(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (char unit in text)
        {
            literal.Append(unit switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                >= ' ' and <= '~' => unit.ToString(),
                _ => "\\u" + ((int)unit).ToString("x4", CultureInfo.InvariantCulture),
            });
        }

        return literal.Append('"').ToString();
    }

    /// <summary>A text within a comment of one line.</summary>
    public static string Comment(string text)
    {
        string literal = Literal(text);
        return literal[1..^1];
    }

    /// <summary>A number as a literal that reads back to the bit.</summary>
    public static string Literal(double value) =>
        double.IsNaN(value) ? "double.NaN"
        : double.IsPositiveInfinity(value) ? "double.PositiveInfinity"
        : double.IsNegativeInfinity(value) ? "double.NegativeInfinity"
        : value.ToString("R", CultureInfo.InvariantCulture) + "d";

    /// <summary>A whole number.</summary>
    public static string Literal(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Yes or no.</summary>
    public static string Literal(bool value) => value ? "true" : "false";

    /// <summary>UTF-8 literals have no limit of length, and blanks do not count.</summary>
    private CSharpText Array(string name, string type, ReadOnlySpan<byte> bytes)
    {
        Line(1, $"private static readonly {type}[] {name} = Read<{type}>(@\"");
        byte[] encoded = new byte[Base64.GetMaxEncodedToUtf8Length(bytes.Length)];
        Base64.EncodeToUtf8(bytes, encoded, out _, out int length);
        for (int at = 0; at < length; at += LineLength)
        {
            Line(0, Encoding.ASCII.GetString(
                encoded, at, Math.Min(LineLength, length - at)));
        }

        return Line(0, "\"u8);");
    }
}
