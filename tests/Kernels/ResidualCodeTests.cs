using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Codes of 1, 4 and 8 bits: every register width against the formulas.</summary>
public sealed class ResidualCodeTests
{
    public static TheoryData<int, int> Shapes => new()
    {
        { 1, 64 }, { 1, 128 }, { 1, 832 }, { 4, 64 }, { 4, 320 }, { 8, 64 }, { 8, 768 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_width_agrees_with_the_scalar_reference(int bits, int dimension)
    {
        float[] centroid = VectorData.Floats(dimension, 1);
        float[] vector = VectorData.Floats(dimension, 2);
        float[] query = VectorData.Floats(dimension, 3);
        foreach (Metric metric in (Metric[])[Metric.L2, Metric.InnerProduct])
        {
            var expectedCode = new byte[ResidualCode.SizeBytes(bits, dimension)];
            CodeFactors expected =
                ResidualCode.EncodeScalar(bits, metric, vector, centroid, expectedCode);
            foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
            {
                var code = new byte[expectedCode.Length];
                CodeFactors actual =
                    ResidualCode.Encode(bits, metric, vector, centroid, code, width);
                Assert.InRange(Differences(bits, dimension, expectedCode, code), 0, 1);
                Assert.Equal(expected.Add, actual.Add, 1e-2);
                Assert.Equal(expected.Scale, actual.Scale, 1e-3);
                Assert.Equal(expected.Error, actual.Error, 1e-4);
                if (bits > 1)
                {
                    float product = ResidualCode.Product(bits, code, query, query.Sum(), width);
                    Assert.Equal(
                        ResidualCode.ProductScalar(bits, code, query), product, dimension * 1e-4);
                }
            }
        }
    }

    [Theory]
    [InlineData(1, 0.45)]
    [InlineData(4, 0.05)]
    [InlineData(8, 0.005)]
    public void Bounds_hold_and_estimates_are_unbiased(int bits, double width)
    {
        const int Dimension = 256;
        var rotation = new RandomRotation(Dimension, 4);
        float[] Rotated(int seed)
        {
            var rotated = new float[Dimension];
            rotation.Rotate(VectorData.Floats(Dimension, seed), rotated);
            return rotated;
        }

        float[] centroid = Rotated(1);
        float[] query = Rotated(2);
        foreach (Metric metric in (Metric[])[Metric.L2, Metric.InnerProduct])
        {
            float distance = (float)Distance.Compute(Metric.L2, query, centroid);
            float term = metric == Metric.L2 ? distance * distance : -Dot.Compute(query, centroid);
            var probe = new ListProbe(term, distance, 3);
            double sum = 0;
            int outside = 0;
            for (int i = 0; i < 300; i++)
            {
                float[] vector = Rotated(10 + i);
                var code = new byte[ResidualCode.SizeBytes(bits, Dimension)];
                CodeFactors factors = ResidualCode.Encode(bits, metric, vector, centroid, code);
                (float estimate, float lower) = ResidualCode.Rank(
                    factors, probe, ResidualCode.ProductScalar(bits, code, query));
                double exact = metric == Metric.L2
                    ? SquaredEuclidean.ComputeScalar(vector, query)
                    : -Dot.ComputeScalar(vector, query);
                double scale = SquaredEuclidean.ComputeScalar(vector, query);
                double error = (estimate - exact) / scale;
                sum += error;
                outside += Math.Abs(estimate - exact) > estimate - lower + 1e-3 ? 1 : 0;
                Assert.InRange(error, -width, width);
            }

            Assert.InRange(sum / 300, -width / 10, width / 10);
            Assert.InRange(outside, 0, 3);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public void A_vector_that_is_its_centroid_has_no_error(int bits)
    {
        float[] vector = VectorData.Floats(128, 5);
        var code = new byte[ResidualCode.SizeBytes(bits, 128)];
        Assert.Equal(default, ResidualCode.Encode(bits, Metric.L2, vector, vector, code));
        Assert.Equal(default, ResidualCode.EncodeScalar(bits, Metric.L2, vector, vector, code));
    }

    [Fact]
    public void A_NaN_gives_factors_that_skip_nothing()
    {
        float[] vector = VectorData.Floats(64, 6);
        vector[9] = float.NaN;
        foreach (int bits in (int[])[1, 4, 8])
        {
            var code = new byte[ResidualCode.SizeBytes(bits, 64)];
            CodeFactors factors =
                ResidualCode.Encode(bits, Metric.L2, vector, new float[64], code);
            (_, float lower) = ResidualCode.Rank(factors, new ListProbe(1, 1, 1.9f), 0);
            Assert.Equal(float.NaN, lower);
        }
    }

    private static int Differences(int bits, int dimension, byte[] a, byte[] b) =>
        Enumerable.Range(0, dimension).Count(
            i => CodePacking.Level(bits, a, i) != CodePacking.Level(bits, b, i));
}
