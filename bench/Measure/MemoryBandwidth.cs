using NeuroDb.Gpu;

namespace NeuroDb.Bench;

/// <summary>
/// The read bandwidth of memory: the sum of all 64-byte words of a block, by all threads, which
/// does nothing but read.
/// </summary>
internal static class MemoryBandwidth
{
    private const int PieceFloats = 256 * 1024;

    /// <summary>Reads all floats once on so many threads; the sum keeps the reads alive.</summary>
    public static float ReadAll(IReadOnlyList<ReadOnlyMemory<float>> blocks, int threads)
    {
        (int Block, int Start)[] pieces = [.. blocks.SelectMany((block, i) =>
            Enumerable.Range(0, (block.Length + PieceFloats - 1) / PieceFloats)
                .Select(piece => (i, piece * PieceFloats)))];
        var sums = new float[pieces.Length];
        new SystemWorkers(threads).ForEach(pieces.Length, index =>
        {
            (int block, int start) = pieces[index];
            ReadOnlySpan<float> span = blocks[block].Span[start..];
            sums[index] = MemorySpeed.SumOf(span[..Math.Min(PieceFloats, span.Length)]);
        });
        return sums.Sum();
    }
}
