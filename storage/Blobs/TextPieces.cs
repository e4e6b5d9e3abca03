using System.Text;

namespace NeuroDb.Storage;

/// <summary>Writes text as UTF-8, piece by piece, and counts its code points.</summary>
internal static class TextPieces
{
    private const int PieceLength = 16 * 1024;

    /// <summary>Writes a whole text.</summary>
    /// <returns>Its code points.</returns>
    public static long Write(LargeValueWriter writer, string text)
    {
        Encoder encoder = TextEncoding.Strict.GetEncoder();
        var bytes = new byte[TextEncoding.Strict.GetMaxByteCount(PieceLength + 1)];
        long count = 0;
        for (int at = 0; at < text.Length; at += PieceLength)
        {
            int length = Math.Min(PieceLength, text.Length - at);
            count += Write(
                writer, encoder, text.AsSpan(at, length), bytes, at + length == text.Length);
        }

        return count;
    }

    /// <summary>Writes a beginning, then what a reader gives, to its end.</summary>
    /// <returns>The code points.</returns>
    public static long Write(
        LargeValueWriter writer,
        ReadOnlySpan<char> start,
        TextReader reader,
        CancellationToken cancellation)
    {
        Encoder encoder = TextEncoding.Strict.GetEncoder();
        var bytes = new byte[TextEncoding.Strict.GetMaxByteCount(PieceLength + 1)];
        var piece = new char[PieceLength];
        long count = 0;
        while (!start.IsEmpty)
        {
            int first = Math.Min(PieceLength, start.Length);
            count += Write(writer, encoder, start[..first], bytes, isLast: false);
            start = start[first..];
        }

        int length;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            length = reader.ReadBlock(piece, 0, piece.Length);
            count += Write(writer, encoder, piece.AsSpan(0, length), bytes, length == 0);
        }
        while (length > 0);
        return count;
    }

    // Each code point begins with one unit that is no low surrogate.
    private static long Write(
        LargeValueWriter writer,
        Encoder encoder,
        ReadOnlySpan<char> piece,
        byte[] bytes,
        bool isLast)
    {
        long count = 0;
        foreach (char unit in piece)
        {
            count += char.IsLowSurrogate(unit) ? 0 : 1;
        }

        try
        {
            int size = encoder.GetBytes(piece, bytes, isLast);
            writer.Write(bytes.AsSpan(0, size));
            return count;
        }
        catch (EncoderFallbackException cause)
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidText,
                "The text has half of a surrogate pair, which no encoding can hold. Remove it.",
                innerException: cause);
        }
    }
}
