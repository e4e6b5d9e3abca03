using System.Buffers.Binary;
using System.IO.Compression;

namespace NeuroDb.Neural;

/// <summary>
/// Decodes PNG (ISO/IEC 15948): all colour types and depths, plain or interlaced. 16-bit numbers
/// lose their lower byte; a palette becomes red, green and blue.
/// </summary>
internal static class PngDecoder
{
    private const int ChunkOverhead = 12;


    // First column, first row, column step, row step of the passes of an interlaced image.
    private static readonly (int X, int Y, int StepX, int StepY)[] Passes =
    [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
        (0, 1, 1, 2),
    ];

    /// <summary>The first eight bytes of every PNG.</summary>
    public static ReadOnlySpan<byte> Signature =>
        [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <summary>The image of these bytes.</summary>
    public static DecodedImage Decode(ReadOnlySpan<byte> bytes)
    {
        PngHeader? header = null;
        byte[] palette = [];
        using var data = new MemoryStream();
        for (int at = Signature.Length; ;)
        {
            if (bytes.Length - at < ChunkOverhead)
            {
                throw NeuralErrors.MalformedImage("the PNG ends before its IEND chunk");
            }

            uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            if (length > bytes.Length - at - ChunkOverhead)
            {
                throw NeuralErrors.MalformedImage($"the PNG chunk at byte {at} is cut off");
            }

            ReadOnlySpan<byte> typed = bytes.Slice(at + 4, (int)length + 4);
            if (PngChecksum.Of(typed) != BinaryPrimitives.ReadUInt32BigEndian(
                bytes[(at + 8 + (int)length)..]))
            {
                throw NeuralErrors.MalformedImage($"the PNG chunk at byte {at} is damaged");
            }

            ReadOnlySpan<byte> content = typed[4..];
            if (typed.StartsWith("IHDR"u8))
            {
                header = PngHeader.Read(content);
            }
            else if (typed.StartsWith("PLTE"u8))
            {
                palette = content.ToArray();
            }
            else if (typed.StartsWith("IDAT"u8))
            {
                data.Write(content);
            }
            else if (typed.StartsWith("IEND"u8))
            {
                break;
            }

            at += ChunkOverhead + (int)length;
        }

        return header == null
            ? throw NeuralErrors.MalformedImage("the PNG has no IHDR chunk")
            : Decode(header, palette, data);
    }

    private static DecodedImage Decode(PngHeader header, byte[] palette, MemoryStream data)
    {
        if (header.ColourType == 3 && (palette.Length == 0 || palette.Length % 3 != 0))
        {
            throw NeuralErrors.MalformedImage("the PNG has no palette");
        }

        // Deflate makes at most 1,032 bytes of one; so much memory is asked for no less data.
        const long DeflateRatioMax = 1032;
        if ((Int128)header.Width * header.Height * header.Samples * header.Depth / 8
            > data.Length * DeflateRatioMax)
        {
            throw NeuralErrors.MalformedImage("the PNG has fewer pixels than its header says");
        }

        DecodedImage image = DecodedImage.Create(
            header.Width, header.Height, header.ColourType == 3 ? 3 : header.Samples);
        data.Position = 0;
        using var inflated = new ZLibStream(data, CompressionMode.Decompress);
        try
        {
            if (header.IsInterlaced)
            {
                foreach ((int x, int y, int stepX, int stepY) in Passes)
                {
                    DecodePass(header, palette, inflated, image, x, y, stepX, stepY);
                }
            }
            else
            {
                DecodePass(header, palette, inflated, image, 0, 0, 1, 1);
            }
        }
        catch (InvalidDataException error)
        {
            throw NeuralErrors.MalformedImage(
                $"the pixels of the PNG are damaged ({error.Message})");
        }
        catch (EndOfStreamException)
        {
            throw NeuralErrors.MalformedImage("the PNG has fewer pixels than its header says");
        }

        return image;
    }

    private static void DecodePass(
        PngHeader header,
        byte[] palette,
        Stream inflated,
        DecodedImage image,
        int startX,
        int startY,
        int stepX,
        int stepY)
    {
        int columns = (image.Width - startX + stepX - 1) / stepX;
        if (columns <= 0)
        {
            return;
        }

        int bits = header.Samples * header.Depth;
        int rowLength = (int)(((long)columns * bits + 7) / 8);
        int step = Math.Max(1, bits / 8);
        var before = new byte[rowLength];
        var row = new byte[rowLength];
        for (int y = startY; y < image.Height; y += stepY)
        {
            int filter = inflated.ReadByte();
            inflated.ReadExactly(row);
            PngFilter.Undo(filter, row, before, step);
            if (header.Depth == 8 && header.ColourType != 3 && stepX == 1
                && image.Channels == header.Samples)
            {
                row.CopyTo(image.Pixels.AsSpan(y * row.Length));
                (row, before) = (before, row);
                continue;
            }

            for (int i = 0; i < columns; i++)
            {
                int pixel = (y * image.Width) + startX + (i * stepX);
                Store(header, palette, row, i, image.Pixels.AsSpan(pixel * image.Channels));
            }

            (row, before) = (before, row);
        }
    }

    private static void Store(
        PngHeader header, byte[] palette, byte[] row, int column, Span<byte> target)
    {
        for (int sample = 0; sample < header.Samples; sample++)
        {
            int index = (column * header.Samples) + sample;
            int value = header.Depth switch
            {
                8 => row[index],
                16 => row[2 * index],
                _ => (row[index * header.Depth / 8]
                    >> (8 - header.Depth - (index * header.Depth % 8)))
                    & ((1 << header.Depth) - 1),
            };
            if (header.ColourType == 3)
            {
                if ((value * 3) + 2 >= palette.Length)
                {
                    throw NeuralErrors.MalformedImage($"the PNG uses colour {value} of none");
                }

                palette.AsSpan(value * 3, 3).CopyTo(target);
                return;
            }

            target[sample] = (byte)(header.Depth < 8
                ? value * 255 / ((1 << header.Depth) - 1) : value);
        }
    }
}
