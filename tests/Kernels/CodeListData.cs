using System.Runtime.InteropServices;
using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>A list of encoded random vectors around a centroid, and a query.</summary>
internal sealed record CodeListData(
    Metric Metric, float[] Centroid, float[][] Rows, byte[] Blocks, float[] Query,
    ListProbe Probe)
{
    /// <summary>Makes a list.</summary>
    public static CodeListData Make(Metric metric, int dimension, int count, int seed)
    {
        // Errors spread as they should only where vectors have been turned at random.
        var rotation = new RandomRotation(dimension, (ulong)seed);
        float[] Rotated(int own)
        {
            var rotated = new float[dimension];
            rotation.Rotate(VectorData.Floats(dimension, own), rotated);
            return rotated;
        }

        float[] centroid = [.. Rotated(seed).Select(x => x * 0.3f)];
        float[] query = Rotated(seed + 1);
        float[][] rows = [.. Enumerable.Range(0, count).Select(i => Rotated(seed + 9 + i))];
        float distance = (float)Distance.Compute(Metric.L2, query, centroid);
        float term = metric == Metric.L2
            ? distance * distance
            : -(float)Dot.ComputeScalar(query, centroid);
        return new(
            metric, centroid, rows, Encode(metric, centroid, rows), query,
            new ListProbe(term, distance, 1.9f));
    }

    /// <summary>A list of one of the rows.</summary>
    public byte[] Single(int row) => Encode(Metric, Centroid, [Rows[row]]);

    /// <summary>Codes of heads and tails and the factors, (blocks, 4, 32), apart.</summary>
    public (byte[] Heads, byte[] Tails, float[] Factors) ToArrays()
    {
        int dimension = Query.Length;
        int count = Blocks.Length / ListBlocks.SizeBytes(dimension);
        int headSize = ListBlocks.HeadSizeBytes(dimension);
        int headCodes = ListBlocks.HeadCodesSizeBytes(dimension);
        int tailCodes = ListBlocks.TailCodesSizeBytes(dimension);
        var heads = new List<byte>();
        var tails = new List<byte>();
        var factors = new List<float>();
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> head = Blocks.AsSpan(i * headSize, headSize);
            ReadOnlySpan<byte> tail = Blocks.AsSpan(
                (count * headSize) + (i * ListBlocks.TailSizeBytes(dimension)),
                ListBlocks.TailSizeBytes(dimension));
            heads.AddRange(head[..headCodes]);
            tails.AddRange(tail[..tailCodes]);
            factors.AddRange(MemoryMarshal.Cast<byte, float>(head.Slice(headCodes, 256)));
            foreach (ushort ratio in MemoryMarshal.Cast<byte, ushort>(head[(headCodes + 256)..]))
            {
                factors.Add(ratio * ListBlocks.RatioStep);
            }

            factors.AddRange(MemoryMarshal.Cast<byte, float>(tail[tailCodes..]));
        }

        return ([.. heads], [.. tails], [.. factors]);
    }

    private static byte[] Encode(Metric metric, float[] centroid, float[][] rows)
    {
        int dimension = centroid.Length;
        var blocks =
            new byte[ListBlocks.CountOf(rows.Length) * ListBlocks.SizeBytes(dimension)];
        var code = new byte[ResidualCode.SizeBytes(1, dimension)];
        for (int i = 0; i < rows.Length; i++)
        {
            ListFactors factors =
                ResidualCode.EncodeForListScalar(metric, rows[i], centroid, code);
            ListBlocks.Write(dimension, code, factors, blocks, i);
        }

        return blocks;
    }
}
