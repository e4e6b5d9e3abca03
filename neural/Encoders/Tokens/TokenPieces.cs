using System.Text;

namespace NeuroDb.Neural;

/// <summary>
/// Cuts bytes into pieces that no token crosses: runs of letters or of digits, each with one space
/// before it if there is one, runs of ideographs, of other characters, and of white space. All
/// pieces together are the bytes, valid UTF-8 or not.
/// </summary>
/// <remarks>
/// The classes are ranges of code points written here, not those of the runtime's Unicode tables,
/// so a stored tokenizer cuts alike under every version of the runtime.
/// </remarks>
internal ref struct TokenPieces(ReadOnlySpan<byte> bytes)
{
    /// <summary>The most bytes of a piece; longer runs are cut between characters.</summary>
    public const int LengthMax = 128;

    private const byte Space = 0;
    private const byte Letter = 1;
    private const byte Digit = 2;
    private const byte Ideograph = 3;
    private const byte Other = 4;

    private static readonly byte[] AsciiClasses = MakeAsciiClasses();

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _next;

    /// <summary>The piece that <see cref="MoveNext"/> found.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Whether there is another piece.</summary>
    public bool MoveNext()
    {
        if (_next >= _bytes.Length)
        {
            return false;
        }

        int start = _next;
        int at = start;
        byte kind = ClassAt(at, out _);
        if (kind == Space)
        {
            byte behind = EndOfSpaces(ref at);
            bool joins = behind is Letter or Digit && _bytes[at - 1] == (byte)' ';
            int end = joins ? at - 1 : at;
            if (end > start)
            {
                return Take(start, end);
            }

            kind = behind;
        }

        while (at < _bytes.Length
            && ClassAt(at, out int length) == kind && at + length - start <= LengthMax)
        {
            at += length;
        }

        return Take(start, at);
    }

    // Gives the class of what is behind the spaces; Space if nothing is, or if they are too long.
    private readonly byte EndOfSpaces(ref int at)
    {
        int end = Math.Min(_bytes.Length, at + LengthMax);
        while (at < end)
        {
            byte kind = ClassAt(at, out _);
            if (kind != Space)
            {
                return kind;
            }

            at++;
        }

        return Space;
    }

    private bool Take(int start, int end)
    {
        Current = _bytes[start..end];
        _next = end;
        return true;
    }

    /// <summary>The bytes of the character at a place; 1 to 3 where it is none.</summary>
    public static int CharacterLength(ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] < 0x80)
        {
            return 1;
        }

        _ = Rune.DecodeFromUtf8(bytes, out _, out int length);
        return length;
    }

    private readonly byte ClassAt(int at, out int length)
    {
        byte first = _bytes[at];
        if (first < 0x80)
        {
            length = 1;
            return AsciiClasses[first];
        }

        bool isRune = Rune.DecodeFromUtf8(_bytes[at..], out Rune rune, out length)
            == System.Buffers.OperationStatus.Done;
        return isRune ? ClassOf(rune.Value) : Other;
    }

    private static byte ClassOf(int code) => code switch
    {
        < 0xC0 or 0xD7 or 0xF7 => Other,
        < 0x2000 => Letter,
        < 0x2070 => Other,
        < 0x2190 => Letter,
        < 0x2C00 => Other,
        < 0x2E80 => Letter,
        < 0x3000 => Ideograph,
        < 0x3040 => Other,
        < 0x3400 => Letter,
        < 0xA000 => Ideograph,
        < 0xF900 => Letter,
        < 0xFB00 => Ideograph,
        >= 0xFF00 and < 0xFF10 or >= 0xFF1A and < 0xFF21 => Other,
        >= 0xFF10 and < 0xFF1A => Digit,
        >= 0xFF3B and < 0xFF41 or >= 0xFF5B and < 0xFF66 => Other,
        >= 0x1F000 and < 0x20000 => Other,
        >= 0x20000 and < 0x40000 => Ideograph,
        _ => Letter,
    };

    private static byte[] MakeAsciiClasses()
    {
        var classes = new byte[128];
        for (int i = 0; i < classes.Length; i++)
        {
            char character = (char)i;
            classes[i] = character is ' ' or (>= '\t' and <= '\r') ? Space
                : char.IsAsciiLetter(character) ? Letter
                : char.IsAsciiDigit(character) ? Digit
                : Other;
        }

        return classes;
    }
}
