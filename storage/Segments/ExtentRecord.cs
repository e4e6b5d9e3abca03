using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>An extent in the directory, as it lies in the file.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">Its bytes, without the padding behind it.</param>
/// <param name="Encoding">How it is encoded.</param>
/// <param name="Zone">What is known of its values.</param>
/// <param name="Unused">Zero.</param>
/// <param name="NullCount">The rows that are NULL.</param>
/// <param name="ZoneOffset">Where its bounds begin in the zones.</param>
/// <param name="ZoneLength">The bytes of its bounds.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct ExtentRecord(
    long Offset,
    long Length,
    SegmentEncoding Encoding,
    ZoneKind Zone,
    ushort Unused,
    int NullCount,
    int ZoneOffset,
    int ZoneLength);
