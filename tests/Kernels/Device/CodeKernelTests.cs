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
    [InlineData(1, 1)]
    [InlineData(4, 1 / 0.3352f)]
    [InlineData(8, 1 / 0.0308f)]
    public void Encoding_agrees_with_the_reference(int bits, float inverseUnitStep)
    {
        const int Length = 64;
        const int Count = 5;
        float[] vectors = VectorData.Floats(Count * Length, 13);
        float[] centroid = VectorData.Floats(Length, 14);
        centroid.CopyTo(vectors, 2 * Length);
        using var device = new KernelDevice();
        ArrayView<byte> levelsView = device.Send(new byte[Count * Length]);
        ArrayView<float> sumsView = device.Send(new float[Count * 5]);
        var shape = new EncodeShape
        {
            RowCount = Count,
            Length = Length,
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
            CodeFactors actual = new CodeSums
            {
                SquaredNorm = sums[row * 5],
                CodeResidual = sums[(row * 5) + 1],
                CodeCode = sums[(row * 5) + 2],
                CodeCentroid = sums[(row * 5) + 3],
                CentroidResidual = sums[(row * 5) + 4],
            }.ToFactors(Metric.L2, Length);
            Assert.Equal(expected.Add, actual.Add, 1e-2f);
            Assert.Equal(expected.Scale, actual.Scale, 1e-3f);
            Assert.Equal(expected.Error, actual.Error, 1e-3f);
            int different = Enumerable.Range(0, Length).Count(i =>
                levels[(row * Length) + i] != CodePacking.Level(bits, code, i));
            Assert.InRange(different, 0, 1);
        }
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
