using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>A chunk in the directory, as it lies in the file.</summary>
/// <param name="RowCount">The rows.</param>
/// <param name="Flags">1 if the row numbers have no gaps.</param>
/// <param name="FirstRowNumber">The number of the first row.</param>
/// <param name="LastRowNumber">The number of the last row.</param>
/// <param name="FirstExtent">The extent of its first column; the others follow.</param>
/// <param name="Unused">Zero.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct ChunkRecord(
    int RowCount,
    uint Flags,
    long FirstRowNumber,
    long LastRowNumber,
    int FirstExtent,
    int Unused);
