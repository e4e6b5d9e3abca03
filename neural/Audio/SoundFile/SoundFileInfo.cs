using System.Runtime.InteropServices;

namespace NeuroDb.Neural;

/// <summary>SF_INFO of libsndfile.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SoundFileInfo
{
    /// <summary>Samples of a channel.</summary>
    public long Frames;

    /// <summary>Samples of a channel in a second.</summary>
    public int Rate;

    /// <summary>The channels.</summary>
    public int Channels;

    /// <summary>Format and encoding, as bits.</summary>
    public int Format;

    /// <summary>Sections.</summary>
    public int Sections;

    /// <summary>Whether it can be sought in.</summary>
    public int IsSeekable;
}
