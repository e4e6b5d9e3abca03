using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// How fast a thread reads memory: what searches are compared with. Measured when it is first
/// asked for, once for the process, by adding up a block that no cache holds.
/// </summary>
internal static class MemorySpeed
{
    private const int BlockFloats = 16 << 20;
    private const int PassCount = 3;
    private static readonly Lock Gate = new();
    private static double _bytesPerSecond;

    /// <summary>
    /// Bytes of memory that a thread reads in a second; infinite without a clock.
    /// </summary>
    public static double BytesPerSecond(TimeProvider clock)
    {
        lock (Gate)
        {
            if (_bytesPerSecond == 0)
            {
                _bytesPerSecond = Measure(clock);
            }

            return _bytesPerSecond;
        }
    }

    /// <summary>
    /// The sum of the whole 64-byte words of a block, which does nothing but read them.
    /// </summary>
    public static float SumOf(ReadOnlySpan<float> block)
    {
        ReadOnlySpan<Vector512<float>> words = MemoryMarshal.Cast<float, Vector512<float>>(block);
        Vector512<float> first = default;
        Vector512<float> second = default;
        Vector512<float> third = default;
        Vector512<float> fourth = default;
        int i = 0;
        for (; i + 4 <= words.Length; i += 4)
        {
            first += words[i];
            second += words[i + 1];
            third += words[i + 2];
            fourth += words[i + 3];
        }

        for (; i < words.Length; i++)
        {
            first += words[i];
        }

        return Vector512.Sum(first + second + third + fourth);
    }

    private static double Measure(TimeProvider clock)
    {
        var block = new float[BlockFloats];
        block.AsSpan().Fill(1);
        double best = double.PositiveInfinity;
        for (int pass = 0; pass < PassCount; pass++)
        {
            long start = clock.GetTimestamp();
            float sum = SumOf(block);
            TimeSpan elapsed = clock.GetElapsedTime(start);
            Invariant.Check(sum > 0, "the reads are not left out");
            best = Math.Min(best, elapsed.TotalSeconds);
        }

        return BlockFloats * sizeof(float) / best;
    }
}
