using ILGPU;
using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>The device forms of encoding and of the scan of code blocks.</summary>
public sealed class CodeKernelTests
{
    [Theory]
    [InlineData(1, 64)]
    [InlineData(4, 128)]
    public void The_scan_agrees_with_the_reference(int bits, int dimension)
    {
        CodeBlockData data = CodeBlockData.Make(bits, dimension, 12);
        var query = new FastScanQuery(bits, data.Query);
        var expected = new BlockRanks(new float[32], new float[32]);
        FastScan.FilterScalar(
            query, data.Probe, data.Codes, data.Factors, 0, ~0u, expected);
        using var device = new KernelDevice();
        ArrayView<float> estimates = device.Send(new float[64]);
        ArrayView<float> lowers = device.Send(new float[64]);
        var shape = new FastScanShape
        {
            BlockCount = 2,
            SubCodeCount = CodeBlock.SubCodeCount(bits, dimension),
            Step = query.Step,
            Base = query.Base,
            Spread = query.Spread,
            Term = data.Probe.Term,
            Distance = data.Probe.Distance,
            Confidence = data.Probe.Confidence,
        };
        device.Launch(
            FastScanKernel.Run,
            device.Send<byte>([.. data.Codes, .. data.Codes]),
            device.Send(query.Tables.ToArray()),
            device.Send<float>([.. data.Factors, .. data.Factors]),
            estimates,
            lowers,
            shape);
        Near([.. expected.Estimates, .. expected.Estimates], device.Fetch(estimates));
        Near([.. expected.Lowers, .. expected.Lowers], device.Fetch(lowers));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(256)]
    public void The_scan_of_a_list_agrees_with_the_reference(int dimension)
    {
        const int Count = 3;
        CodeListData data = CodeListData.Make(Metric.L2, dimension, Count * 32, 15);
        var query = new FastScanQuery(1, data.Query);
        var all = new ListSurvivors();
        ListScan.FilterScalar(
            query, data.Probe, data.Blocks, Count * 32, float.PositiveInfinity, all);
        float[] sorted = [.. all.Lowers[..(Count * 32)].Order()];
        foreach (float threshold in new[] { sorted[40] - 1e-3f, float.MinValue, sorted[^1] + 1 })
        {
            var expected = new ListSurvivors();
            int found = ListScan.FilterScalar(
                query, data.Probe, data.Blocks, Count * 32, threshold, expected);
            (float[] estimates, float[] lowers) = Scan(data, query, Count, threshold);
            int[] kept = [.. Enumerable.Range(0, Count * 32).Where(i => lowers[i] <= threshold)];
            Assert.Equal(expected.Slots[..found], kept);
            Near(expected.Lowers[..found], [.. kept.Select(i => lowers[i])]);
            Near(expected.Estimates[..found], [.. kept.Select(i => estimates[i])]);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1 / 0.3352f)]
    [InlineData(8, 1 / 0.0308f)]
    public void Encoding_agrees_with_the_reference(int bits, float inverseUnitStep)
    {
        const int Length = 128;
        const int Count = 5;
        float[] vectors = VectorData.Floats(Count * Length, 13);
        float[] centroid = VectorData.Floats(Length, 14);
        centroid.CopyTo(vectors, 2 * Length);
        using var device = new KernelDevice();
        ArrayView<byte> levelsView = device.Send(new byte[Count * Length]);
        ArrayView<float> sumsView = device.Send(new float[Count * 6]);
        var shape = new EncodeShape
        {
            RowCount = Count,
            Length = Length,
            HeadLength = ListBlocks.HeadDimension(Length),
            Bits = bits,
            InverseUnitStep = inverseUnitStep,
        };
        device.Launch(
            EncodeKernel.Run,
            device.Send(vectors),
            device.Send(centroid),
            levelsView,
            sumsView,
            shape);
        byte[] levels = device.Fetch(levelsView);
        float[] sums = device.Fetch(sumsView);
        for (int row = 0; row < Count; row++)
        {
            var code = new byte[ResidualCode.SizeBytes(bits, Length)];
            CodeFactors expected = ResidualCode.EncodeScalar(
                bits, Metric.L2, vectors.AsSpan(row * Length, Length), centroid, code);
            var own = new CodeSums
            {
                SquaredNorm = sums[row * 6],
                CodeResidual = sums[(row * 6) + 1],
                CodeCode = sums[(row * 6) + 2],
                CodeCentroid = sums[(row * 6) + 3],
                CentroidResidual = sums[(row * 6) + 4],
                HeadCentroid = sums[(row * 6) + 5],
            };
            CodeFactors actual = own.ToFactors(Metric.L2, Length);
            Assert.Equal(expected.Add, actual.Add, 1e-2f);
            Assert.Equal(expected.Scale, actual.Scale, 1e-3f);
            Assert.Equal(expected.Error, actual.Error, 1e-3f);
            if (bits == 1)
            {
                ListFactors list = ResidualCode.EncodeForListScalar(
                    Metric.L2, vectors.AsSpan(row * Length, Length), centroid, code);
                float headAdd = own.ToListFactors(Metric.L2, Length).HeadAdd;
                Assert.Equal(list.HeadAdd, headAdd, 2e-2f);
            }

            int different = Enumerable.Range(0, Length).Count(i =>
                levels[(row * Length) + i] != CodePacking.Level(bits, code, i));
            Assert.InRange(different, 0, 1);
        }
    }

    private static (float[] Estimates, float[] Lowers) Scan(
        CodeListData data, FastScanQuery query, int blocks, float threshold)
    {
        int dimension = data.Query.Length;
        (float first, float second) = ListBlocks.HeadError(dimension);
        var shape = new ListScanShape
        {
            BlockCount = blocks,
            HeadSubCodeCount = CodeBlock.SubCodeCount(1, ListBlocks.HeadDimension(dimension)),
            TailSubCodeCount = CodeBlock.SubCodeCount(
                1, dimension - ListBlocks.HeadDimension(dimension)),
            Step = query.Step,
            Base = query.Base,
            Spread = query.Spread,
            HeadStep = query.HeadStep,
            HeadBase = query.HeadBase,
            HeadSpread = query.HeadSpread,
            HeadErrorFirst = first,
            HeadErrorSecond = second,
            Term = data.Probe.Term,
            Distance = data.Probe.Distance,
            Confidence = data.Probe.Confidence,
            Threshold = threshold,
        };
        (byte[] heads, byte[] tails, float[] factors) = data.ToArrays();
        using var device = new KernelDevice();
        ArrayView<float> estimates = device.Send(new float[blocks * 32]);
        ArrayView<float> lowers = device.Send(new float[blocks * 32]);
        device.Launch(
            ListScanKernel.Run,
            device.Send(heads),
            device.Send<byte>(tails.Length == 0 ? [0] : tails),
            device.Send(query.Tables.ToArray()),
            device.Send(factors),
            estimates,
            lowers,
            shape);
        return (device.Fetch(estimates), device.Fetch(lowers));
    }

    private static void Near(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-3f);
        }
    }
}
