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
        var estimates = new float[64];
        var lowers = new float[64];
        byte[] codes = [.. data.Codes, .. data.Codes];
        float[] factors = [.. data.Factors, .. data.Factors];
        byte[] tables = query.Tables.ToArray();
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
        Lane.Launch(2, 8, 4, () => FastScanKernel.Run(
            new(codes), new(tables), new(factors), new(estimates), new(lowers), shape));
        for (int i = 0; i < 64; i++)
        {
            Assert.Equal(expected.Estimates[i % 32], estimates[i], 1e-3f);
            Assert.Equal(expected.Lowers[i % 32], lowers[i], 1e-3f);
        }
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
        var levels = new byte[Count * Length];
        var sums = new float[Count * 5];
        var shape = new EncodeShape
        {
            RowCount = Count,
            Length = Length,
            Bits = bits,
            InverseUnitStep = inverseUnitStep,
        };
        Lane.Launch(2, 8, 4, () => EncodeKernel.Run(
            new(vectors), new(centroid), new(levels), new(sums), shape));
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
}
