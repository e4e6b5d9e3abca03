using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// The number of each run of equal neighbours, then the row at which each run ends, 2 bytes each.
/// </summary>
internal static class RunLengthEncoding
{
    /// <summary>The bytes of that many runs.</summary>
    public static int SizeBytes(int runCount) => runCount * (sizeof(long) + sizeof(ushort));

    /// <summary>Writes numbers.</summary>
    public static int Encode(ReadOnlySpan<long> values, int runCount, Span<byte> target)
    {
        Invariant.Check(values.Length <= Limits.ChunkRowCount);
        Span<byte> numbers = target[..(runCount * sizeof(long))];
        Span<byte> ends = target[numbers.Length..SizeBytes(runCount)];
        int run = 0;
        for (int end = 1; end <= values.Length; end++)
        {
            if (end == values.Length || values[end] != values[end - 1])
            {
                ushort at = (ushort)end;
                MemoryMarshal.Write(numbers[(run * sizeof(long))..], in values[end - 1]);
                MemoryMarshal.Write(ends[(run * sizeof(ushort))..], in at);
                run++;
            }
        }

        Invariant.Check(run == runCount);
        return SizeBytes(runCount);
    }

    /// <summary>Reads numbers.</summary>
    public static void Decode(ref BlockReader reader, int runCount, scoped Span<long> values)
    {
        ReadOnlySpan<long> numbers =
            MemoryMarshal.Cast<byte, long>(reader.Take(runCount * sizeof(long)));
        ReadOnlySpan<ushort> ends =
            MemoryMarshal.Cast<byte, ushort>(reader.Take(runCount * sizeof(ushort)));
        int start = 0;
        for (int run = 0; run < numbers.Length; run++)
        {
            int end = ends[run];
            reader.Check(end > start && end <= values.Length, "a run of no rows");
            values[start..end].Fill(numbers[run]);
            start = end;
        }

        reader.Check(start == values.Length, "runs that do not end at the last row");
    }
}
