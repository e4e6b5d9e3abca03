namespace NeuroDb.Neural;

/// <summary>Decodes PBM, PGM and PPM, as text (P1 to P3) or as bytes (P4 to P6).</summary>
internal static class PnmDecoder
{
    /// <summary>The image of these bytes.</summary>
    public static DecodedImage Decode(ReadOnlySpan<byte> bytes)
    {
        int kind = bytes[1] - '0';
        bool isText = kind <= 3;
        bool isBits = kind is 1 or 4;
        int at = 2;
        int width = Number(bytes, ref at);
        int height = Number(bytes, ref at);
        int max = isBits ? 1 : Number(bytes, ref at);
        if (max is < 1 or > 65_535)
        {
            throw NeuralErrors.MalformedImage($"the largest number of the PNM is {max}");
        }

        int channels = kind is 3 or 6 ? 3 : 1;
        at++;
        int sampleBytes = max > 255 ? 2 : 1;
        long samples = (long)width * height * channels;
        long needed = isText ? samples
            : isBits ? ((long)width + 7) / 8 * height : samples * sampleBytes;
        if (needed > bytes.Length - Math.Min(at, bytes.Length))
        {
            throw NeuralErrors.MalformedImage("the PNM has fewer pixels than its header says");
        }

        DecodedImage image = DecodedImage.Create(width, height, channels);
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            int value;
            if (isText)
            {
                value = kind == 1 ? Bit(bytes, ref at) : Number(bytes, ref at);
            }
            else if (isBits)
            {
                int rowLength = (width + 7) / 8;
                int column = i % width;
                value = (bytes[at + (i / width * rowLength) + (column / 8)] >> (7 - (column % 8)))
                    & 1;
            }
            else
            {
                value = sampleBytes == 1
                    ? bytes[at + i] : (bytes[at + (2 * i)] << 8) | bytes[at + (2 * i) + 1];
            }

            value = isBits ? 1 - value : Math.Min(value, max);
            image.Pixels[i] = (byte)(((value * 255L) + (max / 2)) / max);
        }

        return image;
    }

    /// <summary>The size that the header says.</summary>
    public static ImageSize ReadSize(ReadOnlySpan<byte> bytes)
    {
        int at = 2;
        int width = Number(bytes, ref at);
        return new(width, Number(bytes, ref at), bytes[1] is (byte)'3' or (byte)'6' ? 3 : 1);
    }

    private static int Number(ReadOnlySpan<byte> bytes, ref int at)
    {
        SkipBlanks(bytes, ref at);
        long number = 0;
        int start = at;
        while (at < bytes.Length && bytes[at] is >= (byte)'0' and <= (byte)'9'
            && number < int.MaxValue)
        {
            number = (number * 10) + bytes[at++] - '0';
        }

        return at > start && number <= 1 << 20
            ? (int)number
            : throw NeuralErrors.MalformedImage($"byte {start} of the PNM should begin a number");
    }

    private static int Bit(ReadOnlySpan<byte> bytes, ref int at)
    {
        SkipBlanks(bytes, ref at);
        return at < bytes.Length && bytes[at] is (byte)'0' or (byte)'1'
            ? bytes[at++] - '0'
            : throw NeuralErrors.MalformedImage($"byte {at} of the PBM should be 0 or 1");
    }

    private static void SkipBlanks(ReadOnlySpan<byte> bytes, ref int at)
    {
        while (at < bytes.Length
            && (bytes[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)'#'))
        {
            bool isComment = bytes[at++] == '#';
            while (isComment && at < bytes.Length && bytes[at] != '\n')
            {
                at++;
            }
        }
    }
}
