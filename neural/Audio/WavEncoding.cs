namespace NeuroDb.Neural;

/// <summary>How a sample of a WAV is written, by the format tags of mmreg.h.</summary>
internal enum WavEncoding
{
    /// <summary>Whole numbers: unsigned of 8 bits, signed of 16, 24 and 32.</summary>
    Pcm = 1,

    /// <summary>Floating point of 32 or 64 bits.</summary>
    Float = 3,

    /// <summary>A-law, ITU-T G.711.</summary>
    ALaw = 6,

    /// <summary>Mu-law, ITU-T G.711.</summary>
    MuLaw = 7,
}
