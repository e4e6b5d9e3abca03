using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>A key run in the directory, as it lies in the file.</summary>
/// <param name="EntryCount">Its entries.</param>
/// <param name="Flags">1 if the codes are in the order of the key's values.</param>
/// <param name="FirstExtent">The extent of its first piece; the others follow.</param>
/// <param name="PieceCount">Its pieces.</param>
/// <param name="CodeMax">The highest code, 0 of an empty run.</param>
/// <param name="FirstFence">The place of its first fence; one for each piece.</param>
/// <param name="Unused">Zero.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct KeyRecord(
    int EntryCount,
    uint Flags,
    int FirstExtent,
    int PieceCount,
    ulong CodeMax,
    int FirstFence,
    int Unused)
{
    /// <summary>The entries of a piece.</summary>
    public int CountOf(int piece) =>
        Math.Min(KeyRun.PieceEntryCount, EntryCount - (piece * KeyRun.PieceEntryCount));
}
