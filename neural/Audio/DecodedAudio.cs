namespace NeuroDb.Neural;

/// <summary>A sound in memory: one channel, the mean of those it had.</summary>
/// <param name="Rate">Samples in a second.</param>
/// <param name="Samples">From -1 to 1 where the file is in range.</param>
internal sealed record DecodedAudio(int Rate, ReadOnlyMemory<float> Samples);
