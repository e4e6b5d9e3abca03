namespace NeuroDb.Neural;

/// <summary>An image in memory, a byte for each channel of each pixel, rows from the top.</summary>
/// <param name="Width">Pixels of a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">1 for gray, 2 with alpha, 3 for red, green, blue, 4 with alpha.</param>
/// <param name="Pixels">(height, width, channels).</param>
internal sealed record DecodedImage(int Width, int Height, int Channels, byte[] Pixels)
{
    private const int SideMax = 1 << 15;
    private const long PixelsMax = 1 << 26;

    /// <summary>Room for an image, after its size was found to be possible.</summary>
    public static DecodedImage Create(long width, long height, int channels)
    {
        CheckSize(width, height);
        return new((int)width, (int)height, channels, new byte[width * height * channels]);
    }

    /// <summary>Raises an error for a size that no image may have.</summary>
    public static void CheckSize(long width, long height)
    {
        if (width is < 1 or > SideMax || height is < 1 or > SideMax || width * height > PixelsMax)
        {
            throw NeuralErrors.MalformedImage(
                $"{width} x {height} pixels are not from 1 x 1 to {SideMax} x {SideMax} with at "
                + $"most {PixelsMax} pixels");
        }
    }
}
