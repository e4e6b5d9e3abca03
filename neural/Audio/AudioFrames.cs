using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>How sound is cut into the frames of a spectrogram.</summary>
/// <param name="Rate">The rate that sound is brought to.</param>
/// <param name="WindowLength">Samples of a frame.</param>
/// <param name="Hop">Samples from one frame to the next.</param>
internal sealed record AudioFrames(int Rate, int WindowLength, int Hop)
{
    /// <summary>The rate where nothing says another: speech needs no more.</summary>
    public const int RateUsual = 16_000;

    /// <summary>Bands where nothing is said.</summary>
    public const int BandsUsual = 40;

    /// <summary>Seconds where nothing is said.</summary>
    public const double SecondsUsual = 1;

    /// <summary>Milliseconds of a frame where nothing is said.</summary>
    public const double WindowUsualMs = 25;

    /// <summary>Milliseconds between frames where nothing is said.</summary>
    public const double HopUsualMs = 10;

    /// <summary>The most frames of a spectrogram, and the most bands.</summary>
    public const int SideMax = 1024;

    /// <summary>Refuses frames that are too many, too long or of a rate that is none.</summary>
    public void Check(TensorShape shape)
    {
        bool isRight = Rate is >= Limits.AudioRateMin and <= Limits.AudioRateMax
            && WindowLength is >= 2 and <= FourierPlan.WindowLengthMax
            && Hop is >= 1 and <= FourierPlan.WindowLengthMax
            && shape.Channels == 1 && shape.Height is >= 1 and <= SideMax
            && shape.Width is >= 1 and <= SideMax;
        if (!isRight)
        {
            throw NeuralErrors.InvalidModel(
                $"log_mel: {shape.Height} bands and {shape.Width} frames of {WindowLength} "
                + $"samples, each {Hop} behind the one before, at a rate of {Rate}: bands and "
                + $"frames are from 1 to {SideMax}, samples to {FourierPlan.WindowLengthMax}.");
        }
    }

    internal void Write(ByteWriter writer)
    {
        writer.Number(Rate);
        writer.Number(WindowLength);
        writer.Number(Hop);
    }

    internal static AudioFrames Read(ref ByteReader reader) => new(
        reader.Count(Limits.AudioRateMax),
        reader.Count(FourierPlan.WindowLengthMax),
        reader.Count(FourierPlan.WindowLengthMax));
}
