namespace NeuroDb.Storage;

/// <summary>The place of a frame in its group, as stored.</summary>
[Flags]
internal enum FrameFlags : ushort
{
    /// <summary>A frame inside a group.</summary>
    None = 0,

    /// <summary>The group begins with this frame.</summary>
    GroupStart = 1,

    /// <summary>The group ends with this frame: it is complete.</summary>
    GroupEnd = 2,
}
