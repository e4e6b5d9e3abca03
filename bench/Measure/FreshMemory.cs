using System.Runtime.InteropServices;

namespace NeuroDb.Bench;

/// <summary>
/// How fast memory that no process has used yet can be filled: the ceiling of every load into
/// memory, and far below a copy where the host backs a virtual machine's memory late.
/// </summary>
internal static unsafe class FreshMemory
{
    private const int SizeBytes = 512 << 20;

    /// <summary>Fills fresh memory once; bytes a second.</summary>
    public static double Bandwidth()
    {
        void* memory = NativeMemory.AlignedAlloc(SizeBytes, 4096);
        var timing = Timing.Of(1, 0, () => NativeMemory.Fill(memory, SizeBytes, 1));
        NativeMemory.AlignedFree(memory);
        return SizeBytes / (timing.MedianUs / 1e6);
    }
}
