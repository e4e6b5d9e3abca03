using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>A block of 32 encoded random vectors and a query.</summary>
internal sealed record CodeBlockData(
    float[][] Rows, byte[] Codes, float[] Factors, float[] Query, ListProbe Probe)
{
    /// <summary>Makes a block for squared Euclidean ranks.</summary>
    public static CodeBlockData Make(int bits, int dimension, int seed)
    {
        float[] centroid = [.. VectorData.Floats(dimension, seed).Select(x => x * 0.3f)];
        float[] query = VectorData.Floats(dimension, seed + 1);
        var rows = new float[CodeBlock.RowCount][];
        var codes = new byte[CodeBlock.SizeBytes(bits, dimension)];
        var factors = new float[CodeBlock.FactorCount];
        var code = new byte[ResidualCode.SizeBytes(bits, dimension)];
        for (int row = 0; row < rows.Length; row++)
        {
            rows[row] = VectorData.Floats(dimension, seed + 100 + row);
            CodeFactors own = ResidualCode.Encode(bits, Metric.L2, rows[row], centroid, code);
            CodeBlock.Write(bits, code, codes, row);
            CodeBlock.WriteFactors(own, factors, row);
        }

        float distance = (float)Distance.Compute(Metric.L2, query, centroid);
        var probe = new ListProbe(distance * distance, distance, 1.9f);
        return new(rows, codes, factors, query, probe);
    }
}
