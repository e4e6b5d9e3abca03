using System.Globalization;

namespace NeuroDb.Neural;

/// <summary>
/// The shape of one example between two layers: an image (height, width, channels), a sequence
/// (1, length, channels) or plain numbers (1, 1, channels).
/// </summary>
internal readonly record struct TensorShape(int Height, int Width, int Channels)
{
    /// <summary>Plain numbers.</summary>
    public static TensorShape Flat(int length) => new(1, 1, length);

    /// <summary>Numbers of one example.</summary>
    public int Length => checked(Height * Width * Channels);

    /// <summary>Pixels or steps of one example.</summary>
    public int Places => Height * Width;

    /// <summary>Whether there is but one place.</summary>
    public bool IsFlat => Places == 1;

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(IsFlat ? "" : Height == 1 ? $"{Width}x" : $"{Height}x{Width}x")}{Channels}");
}
