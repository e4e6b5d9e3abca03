using System.Runtime.InteropServices;

namespace NeuroDb.Neural;

/// <summary>
/// Decodes JPEG by the TurboJPEG interface of libjpeg-turbo, which is looked for when the first
/// JPEG comes and is no part of NeuroStore.
/// </summary>
internal static unsafe class JpegDecoder
{
    private const string Library = "libturbojpeg.so.0";
    private const int Rgb = 0;
    private const int Gray = 6;
    private const int GraySubsampling = 3;
    private const int PartMax = 8;

    /// <summary>The image of these bytes, red, green and blue, or gray.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="widthMin">
    /// The width that is needed: one of half, a quarter or an eighth of the image's is decoded if
    /// it is no less, from fewer frequencies of each block.
    /// </param>
    /// <param name="heightMin">The height that is needed, likewise.</param>
    public static DecodedImage Decode(ReadOnlySpan<byte> bytes, int widthMin, int heightMin)
    {
        try
        {
            return DecodeNative(bytes, widthMin, heightMin);
        }
        catch (Exception error) when (
            error is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                "JPEG is decoded by libjpeg-turbo, which is not on this machine. Install "
                + "libturbojpeg0 (Debian, Ubuntu) or turbojpeg, or store the image as PNG.",
                innerException: error);
        }
    }

    private static DecodedImage DecodeNative(
        ReadOnlySpan<byte> bytes, int widthMin, int heightMin)
    {
        nint decoder = InitDecompress();
        Invariant.Check(decoder != 0);
        try
        {
            fixed (byte* source = bytes)
            {
                var size = new CULong((nuint)bytes.Length);
                if (DecompressHeader(
                    decoder, source, size, out int width, out int height, out int sampling, out _)
                    != 0)
                {
                    throw NeuralErrors.MalformedImage("libjpeg-turbo refuses the JPEG's header");
                }

                DecodedImage.CheckSize(width, height);
                int part = PartOf(width, height, widthMin, heightMin);
                width = Reduced(width, part);
                height = Reduced(height, part);
                bool isGray = sampling == GraySubsampling;
                DecodedImage image = DecodedImage.Create(width, height, isGray ? 1 : 3);
                fixed (byte* pixels = image.Pixels)
                {
                    int failed = Decompress(
                        decoder, source, size, pixels, width, 0, height, isGray ? Gray : Rgb, 0);
                    return failed == 0
                        ? image
                        : throw NeuralErrors.MalformedImage("libjpeg-turbo refuses the JPEG");
                }
            }
        }
        finally
        {
            _ = Destroy(decoder);
        }
    }

    private static int PartOf(int width, int height, int widthMin, int heightMin)
    {
        int part = PartMax;
        while (part > 1
            && (Reduced(width, part) < widthMin || Reduced(height, part) < heightMin))
        {
            part /= 2;
        }

        return part;
    }

    // As the library rounds.
    private static int Reduced(int side, int part) => (side + part - 1) / part;

    [DllImport(Library, EntryPoint = "tjInitDecompress")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint InitDecompress();

    [DllImport(Library, EntryPoint = "tjDecompressHeader3")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DecompressHeader(
        nint decoder,
        byte* source,
        CULong size,
        out int width,
        out int height,
        out int subsampling,
        out int colourSpace);

    [DllImport(Library, EntryPoint = "tjDecompress2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Decompress(
        nint decoder,
        byte* source,
        CULong size,
        byte* target,
        int width,
        int pitch,
        int height,
        int format,
        int flags);

    [DllImport(Library, EntryPoint = "tjDestroy")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Destroy(nint decoder);
}
