using System.Buffers.Binary;

namespace NeuroDb.Neural;

/// <summary>What the header of an image says, read without its pixels.</summary>
/// <param name="Width">Pixels of a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">1 for gray, 2 with alpha, 3 for colours, 4 with alpha.</param>
internal readonly record struct ImageSize(int Width, int Height, int Channels)
{
    private const int PngHeaderAt = 16;
    private const int BmpHeaderLength = 26;

    /// <summary>The size of an image of any known format.</summary>
    public static ImageSize Read(ReadOnlySpan<byte> bytes) => ImageDecoder.FormatOf(bytes) switch
    {
        ImageFormat.Png => ReadPng(bytes),
        ImageFormat.Bmp => ReadBmp(bytes),
        ImageFormat.Pnm => PnmDecoder.ReadSize(bytes),
        _ => ReadJpeg(bytes),
    };

    private static ImageSize ReadPng(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < PngHeaderAt + 13 || !bytes[12..].StartsWith("IHDR"u8))
        {
            throw NeuralErrors.MalformedImage("the PNG does not begin with its header");
        }

        PngHeader header = PngHeader.Read(bytes.Slice(PngHeaderAt, 13));
        return new(
            (int)Math.Min(header.Width, int.MaxValue),
            (int)Math.Min(header.Height, int.MaxValue),
            header.ColourType == 3 ? 3 : header.Samples);
    }

    private static ImageSize ReadBmp(ReadOnlySpan<byte> bytes) =>
        bytes.Length < BmpHeaderLength
            ? throw NeuralErrors.MalformedImage("the BMP is shorter than its header")
            : new(
                BinaryPrimitives.ReadInt32LittleEndian(bytes[18..]),
                (int)Math.Min(
                    Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(bytes[22..])),
                    int.MaxValue),
                3);

    /// <summary>The frame header (ITU T.81, B.2.2) among the segments of a JPEG.</summary>
    private static ImageSize ReadJpeg(ReadOnlySpan<byte> bytes)
    {
        int at = 2;
        while (at + 9 < bytes.Length && bytes[at] == 0xFF)
        {
            byte marker = bytes[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            // C4, C8 and CC share the range of the frame headers and are none.
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return new(
                    BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 7)..]),
                    BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 5)..]),
                    bytes[at + 9] == 1 ? 1 : 3);
            }

            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
        }

        throw NeuralErrors.MalformedImage("the JPEG has no frame header");
    }
}
