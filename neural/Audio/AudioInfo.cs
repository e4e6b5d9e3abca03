namespace NeuroDb.Neural;

/// <summary>What the header of a sound says, read without its samples.</summary>
/// <param name="Format">The format of the file.</param>
/// <param name="Encoding">How a sample is written, such as pcm_16.</param>
/// <param name="Rate">Samples of a channel in a second.</param>
/// <param name="Channels">The channels.</param>
/// <param name="Samples">Samples of a channel; negative if the header does not say.</param>
internal readonly record struct AudioInfo(
    AudioFormat Format, string Encoding, int Rate, int Channels, long Samples)
{
    /// <summary>How long it is; NaN if the header does not say.</summary>
    public double Seconds => Samples < 0 ? double.NaN : Samples / (double)Rate;

    /// <summary>What the header of any known format says, within the limits.</summary>
    public static AudioInfo Read(ReadOnlySpan<byte> bytes)
    {
        AudioInfo info = AudioDecoder.FormatOf(bytes) switch
        {
            AudioFormat.Wav => WavHeader.Read(bytes).Info,
            AudioFormat.Flac => FlacHeader.Read(bytes),
            _ => OggHeader.Read(bytes),
        };
        info.Check();
        return info;
    }

    /// <summary>Refuses what is beyond the limits, before anything is allocated for it.</summary>
    public void Check()
    {
        if (Rate is < Limits.AudioRateMin or > Limits.AudioRateMax)
        {
            throw NeuralErrors.MalformedAudio(
                $"a rate of {Rate} is not from {Limits.AudioRateMin} to {Limits.AudioRateMax}");
        }

        if (Channels is < 1 or > Limits.AudioChannelsMax)
        {
            throw NeuralErrors.MalformedAudio(
                $"{Channels} channels are not from 1 to {Limits.AudioChannelsMax}");
        }

        if (Samples > Limits.AudioSamplesMax
            || Samples > (long)Limits.AudioSecondsMax * Rate)
        {
            throw NeuralErrors.MalformedAudio(
                $"{Samples} samples are more than {Limits.AudioSamplesMax}, or longer than "
                + $"{Limits.AudioSecondsMax} seconds");
        }

        if (Samples == 0)
        {
            throw NeuralErrors.MalformedAudio("it has no samples");
        }
    }
}
