namespace NeuroDb.Neural;

/// <summary>
/// Turns the bytes of an image file into pixels: PNG, BMP and PNM by our own decoders, JPEG by
/// libjpeg-turbo where that is installed.
/// </summary>
internal static class ImageDecoder
{
    /// <summary>The image of these bytes.</summary>
    public static DecodedImage Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(PngDecoder.Signature))
        {
            return PngDecoder.Decode(bytes);
        }

        if (bytes.StartsWith("BM"u8))
        {
            return BmpDecoder.Decode(bytes);
        }

        if (bytes.Length > 2 && bytes[0] == 'P' && bytes[1] is >= (byte)'1' and <= (byte)'6')
        {
            return PnmDecoder.Decode(bytes);
        }

        return bytes.Length > 3 && bytes[0] == 0xFF && bytes[1] == 0xD8
            ? JpegDecoder.Decode(bytes)
            : throw NeuralErrors.MalformedImage("it begins as no known format does");
    }
}
