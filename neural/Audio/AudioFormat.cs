namespace NeuroDb.Neural;

/// <summary>The formats of sound files that are known.</summary>
internal enum AudioFormat
{
    /// <summary>RIFF WAVE, read by our own decoder.</summary>
    Wav,

    /// <summary>FLAC, read by libsndfile.</summary>
    Flac,

    /// <summary>OGG with Vorbis, Opus or FLAC, read by libsndfile.</summary>
    Ogg,
}
