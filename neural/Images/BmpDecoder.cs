using System.Buffers.Binary;

namespace NeuroDb.Neural;

/// <summary>Decodes uncompressed BMP of 1, 4, 8, 24 and 32 bits into red, green and blue.</summary>
internal static class BmpDecoder
{
    private const int HeaderLength = 54;

    /// <summary>The image of these bytes.</summary>
    public static DecodedImage Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderLength)
        {
            throw NeuralErrors.MalformedImage("the BMP is shorter than its header");
        }

        uint start = BinaryPrimitives.ReadUInt32LittleEndian(bytes[10..]);
        uint infoLength = BinaryPrimitives.ReadUInt32LittleEndian(bytes[14..]);
        int width = BinaryPrimitives.ReadInt32LittleEndian(bytes[18..]);
        long height = BinaryPrimitives.ReadInt32LittleEndian(bytes[22..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]);
        uint compression = BinaryPrimitives.ReadUInt32LittleEndian(bytes[30..]);
        bool isKnown = infoLength is >= 40 and <= 124 && bits is 1 or 4 or 8 or 24 or 32
            && (compression == 0 || (compression == 3 && bits == 32));
        if (!isKnown)
        {
            throw NeuralErrors.MalformedImage(
                $"the BMP has {bits} bits and compression {compression}");
        }

        DecodedImage image = DecodedImage.Create(width, Math.Abs(height), 3);
        long rowLength = (((long)width * bits) + 31) / 32 * 4;
        if (start > bytes.Length || rowLength * image.Height > bytes.Length - start)
        {
            throw NeuralErrors.MalformedImage("the BMP has fewer pixels than its header says");
        }

        ReadOnlySpan<byte> palette = bits <= 8
            ? bytes[Math.Min(14 + (int)infoLength, bytes.Length)..] : default;
        for (int y = 0; y < image.Height; y++)
        {
            long from = height > 0 ? image.Height - 1 - y : y;
            ReadOnlySpan<byte> row = bytes.Slice((int)(start + (from * rowLength)), (int)rowLength);
            for (int x = 0; x < image.Width; x++)
            {
                Span<byte> pixel = image.Pixels.AsSpan(((y * image.Width) + x) * 3, 3);
                StorePixel(row, palette, x, bits, pixel);
            }
        }

        return image;
    }

    private static void StorePixel(
        ReadOnlySpan<byte> row, ReadOnlySpan<byte> palette, int x, int bits, Span<byte> pixel)
    {
        ReadOnlySpan<byte> source;
        if (bits > 8)
        {
            source = row[(x * bits / 8)..];
        }
        else
        {
            int shift = 8 - bits - (x * bits % 8);
            int index = (row[x * bits / 8] >> shift) & ((1 << bits) - 1);
            if ((index * 4) + 3 > palette.Length)
            {
                throw NeuralErrors.MalformedImage($"the BMP uses colour {index} of none");
            }

            source = palette[(index * 4)..];
        }

        pixel[0] = source[2];
        pixel[1] = source[1];
        pixel[2] = source[0];
    }
}
