using System.Buffers.Binary;

namespace NeuroDb;

/// <summary>
/// What stands in a row in the place of a value that lies in a file of its own. In a BLOB column it
/// is 48 bytes, in a text column 72 characters; a value of a user that looks the same is itself
/// written to a file, so what looks like a reference in a stored column is one.
/// </summary>
/// <param name="Number">The number of the file.</param>
/// <param name="SizeBytes">The bytes of the value; of a text in UTF-8.</param>
/// <param name="CharacterCount">The code points of a text; 0 for a blob.</param>
/// <param name="HeaderCrc">The CRC-32C of the file's header, which no other file has.</param>
/// <param name="SealsCrc">The CRC-32C of the seals of all pages, in their order.</param>
internal readonly record struct LargeReference(
    long Number, long SizeBytes, long CharacterCount, uint HeaderCrc, uint SealsCrc)
{
    /// <summary>The bytes of a reference in a BLOB column.</summary>
    public const int BlobSizeBytes = 48;

    /// <summary>The characters of a reference in a text column.</summary>
    public const int TextLength = 72;

    /// <summary>The bytes of the fields.</summary>
    public const int FieldsSizeBytes = 32;

    // Private characters: no text of any language begins with them.
    private const string TextMark = "\uE5B1\uE0D7\uF61C\uE94A\uF2E8\uE37F\uF0A5\uE86D";

    private static ReadOnlySpan<byte> BlobMark =>
    [
        0xB7, 0x4E, 0x02, 0xD9, 0x61, 0xF8, 0x3A, 0xC5,
        0x90, 0x1D, 0xEE, 0x27, 0x54, 0xAB, 0x7C, 0x83,
    ];

    /// <summary>Whether bytes have the form of a reference.</summary>
    public static bool IsForm(byte[]? bytes) =>
        bytes is { Length: BlobSizeBytes } && bytes.AsSpan().StartsWith(BlobMark);

    /// <summary>Whether a text has the form of a reference.</summary>
    public static bool IsForm(string? text) =>
        text is { Length: TextLength } && text.AsSpan().StartsWith(TextMark);

    /// <summary>Reads a reference; false if the bytes are none.</summary>
    public static bool TryParse(byte[]? bytes, out LargeReference reference)
    {
        reference = default;
        return IsForm(bytes) && TryRead(bytes.AsSpan(BlobMark.Length), out reference);
    }

    /// <summary>Reads a reference; false if the text is none.</summary>
    public static bool TryParse(string? text, out LargeReference reference)
    {
        reference = default;
        if (!IsForm(text))
        {
            return false;
        }

        Span<byte> fields = stackalloc byte[FieldsSizeBytes];
        return Convert.FromHexString(text.AsSpan(TextMark.Length), fields, out _, out int size)
            == System.Buffers.OperationStatus.Done
            && size == FieldsSizeBytes
            && TryRead(fields, out reference);
    }

    /// <summary>Reads the fields; false if no reference has such.</summary>
    public static bool TryRead(ReadOnlySpan<byte> fields, out LargeReference reference)
    {
        reference = new LargeReference(
            BinaryPrimitives.ReadInt64LittleEndian(fields),
            BinaryPrimitives.ReadInt64LittleEndian(fields[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(fields[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(fields[24..]),
            BinaryPrimitives.ReadUInt32LittleEndian(fields[28..]));
        return reference.Number > 0
            && reference.SizeBytes is >= 0 and <= Limits.LargeValueSizeBytesMax
            && reference.CharacterCount >= 0
            && reference.CharacterCount <= reference.SizeBytes;
    }

    /// <summary>Writes the fields.</summary>
    public void Write(Span<byte> fields)
    {
        BinaryPrimitives.WriteInt64LittleEndian(fields, Number);
        BinaryPrimitives.WriteInt64LittleEndian(fields[8..], SizeBytes);
        BinaryPrimitives.WriteInt64LittleEndian(fields[16..], CharacterCount);
        BinaryPrimitives.WriteUInt32LittleEndian(fields[24..], HeaderCrc);
        BinaryPrimitives.WriteUInt32LittleEndian(fields[28..], SealsCrc);
    }

    /// <summary>The form in a BLOB column.</summary>
    public byte[] ToBlob()
    {
        var bytes = new byte[BlobSizeBytes];
        BlobMark.CopyTo(bytes);
        Write(bytes.AsSpan(BlobMark.Length));
        return bytes;
    }

    /// <summary>The form in a text column.</summary>
    public string ToText()
    {
        Span<byte> fields = stackalloc byte[FieldsSizeBytes];
        Write(fields);
        return TextMark + Convert.ToHexString(fields);
    }
}
