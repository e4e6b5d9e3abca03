using System.Globalization;
using System.Text;

namespace NeuroDb.Neural;

/// <summary>
/// Writes PGM and PPM: the pixels behind a header, which is the fastest form to read again.
/// </summary>
internal static class PnmEncoder
{
    /// <summary>The file of an image.</summary>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 for gray, 3 for red, green and blue.</param>
    /// <param name="pixels">(height, width, channels).</param>
    public static byte[] Encode(int width, int height, int channels, ReadOnlySpan<byte> pixels)
    {
        Invariant.Check(channels is 1 or 3 && pixels.Length == width * height * channels);
        string header = string.Create(
            CultureInfo.InvariantCulture, $"P{(channels == 1 ? 5 : 6)} {width} {height} 255\n");
        var file = new byte[header.Length + pixels.Length];
        Encoding.ASCII.GetBytes(header, file);
        pixels.CopyTo(file.AsSpan(header.Length));
        return file;
    }
}
