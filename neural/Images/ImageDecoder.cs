namespace NeuroDb.Neural;

/// <summary>
/// Turns the bytes of an image file into pixels: PNG, BMP and PNM by our own decoders, JPEG by
/// libjpeg-turbo where that is installed.
/// </summary>
internal static class ImageDecoder
{
    /// <summary>The image of these bytes.</summary>
    public static DecodedImage Decode(ReadOnlySpan<byte> bytes) => FormatOf(bytes) switch
    {
        ImageFormat.Png => PngDecoder.Decode(bytes),
        ImageFormat.Bmp => BmpDecoder.Decode(bytes),
        ImageFormat.Pnm => PnmDecoder.Decode(bytes),
        _ => JpegDecoder.Decode(bytes, int.MaxValue, int.MaxValue),
    };

    /// <summary>
    /// The image of these bytes for being brought to a size: of a JPEG that is far larger than
    /// that, an image of a half, a quarter or an eighth of its size, at least twice the target.
    /// </summary>
    public static DecodedImage Decode(ReadOnlySpan<byte> bytes, TensorShape target) =>
        FormatOf(bytes) == ImageFormat.Jpeg
            ? JpegDecoder.Decode(bytes, 2 * target.Width, 2 * target.Height)
            : Decode(bytes);

    /// <summary>
    /// Raises an error unless the bytes can be decoded; of a JPEG where no decoder is installed,
    /// only its header is read.
    /// </summary>
    public static void Verify(ReadOnlySpan<byte> bytes)
    {
        try
        {
            Decode(bytes);
        }
        catch (NeuroStoreException error) when (error.Code == ErrorCode.NotSupported)
        {
            ImageSize.Read(bytes);
        }
    }

    /// <summary>The format that the first bytes tell.</summary>
    public static ImageFormat FormatOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(PngDecoder.Signature))
        {
            return ImageFormat.Png;
        }

        if (bytes.StartsWith("BM"u8))
        {
            return ImageFormat.Bmp;
        }

        if (bytes.Length > 2 && bytes[0] == 'P' && bytes[1] is >= (byte)'1' and <= (byte)'6')
        {
            return ImageFormat.Pnm;
        }

        return bytes.Length > 3 && bytes[0] == 0xFF && bytes[1] == 0xD8
            ? ImageFormat.Jpeg
            : throw NeuralErrors.MalformedImage("it begins as no known format does");
    }
}
