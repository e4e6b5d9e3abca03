using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// Turns encoded sound into an image (bands, frames, 1) of its mel spectrum, see
/// <see cref="Spectrogram.LogMel"/>. Of a sound that is longer than the frames the middle is
/// taken, a shorter one stands in the middle of silence. Immutable and shared by threads.
/// </summary>
internal sealed class LogMelFeatures
{
    private readonly AudioFrames _frames;
    private readonly TensorShape _shape;
    private readonly FourierPlan _plan;
    private readonly MelFilters _filters;

    /// <summary>The features of a shape.</summary>
    public LogMelFeatures(AudioFrames frames, TensorShape shape)
    {
        frames.Check(shape);
        _frames = frames;
        _shape = shape;
        _plan = new FourierPlan(frames.WindowLength);
        _filters = shape.Height <= _plan.Bins
            ? new MelFilters(shape.Height, frames.Rate, _plan)
            : throw NeuralErrors.InvalidModel(
                $"log_mel: {shape.Height} bands are more than the {_plan.Bins} frequencies of "
                + $"frames of {frames.WindowLength} samples; take fewer, or a longer window_ms.");
    }

    /// <summary>Fills the image of encoded sound.</summary>
    public void Fill(ReadOnlySpan<byte> bytes, Span<float> image)
    {
        DecodedAudio audio = AudioDecoder.Decode(bytes);
        Resampler resampler = Resampler.Of(audio.Rate, _frames.Rate);
        long needed = Spectrogram.SamplesOf(_plan, _frames.Hop, _shape.Width);
        long first = (resampler.LengthOf(audio.Samples.Length) - needed) / 2;
        var samples = new float[needed];
        resampler.Run(audio.Samples.Span, first, samples);
        Spectrogram.LogMel(samples, _plan, _filters, _frames.Hop, image);
    }
}
