using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Scans of code blocks: every register width against the scalar reference.</summary>
public sealed class FastScanTests
{
    public static TheoryData<int, int> Shapes => new()
    {
        { 1, 64 }, { 1, 192 }, { 1, 832 }, { 1, 1536 }, { 4, 64 }, { 4, 384 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_width_agrees_with_the_scalar_reference(int bits, int dimension)
    {
        CodeBlockData data = CodeBlockData.Make(bits, dimension, 7);
        var query = new FastScanQuery(bits, data.Query);
        const uint Selected = 0xF0F3A5FF;
        var expected = new BlockRanks(new float[32], new float[32]);
        uint all = FastScan.FilterScalar(
            query, data.Probe, data.Codes, data.Factors, float.MaxValue, Selected, expected);
        Assert.Equal(Selected, all);
        float threshold = expected.Lowers.ToArray().Order().ElementAt(12);
        uint kept = FastScan.FilterScalar(
            query, data.Probe, data.Codes, data.Factors, threshold, Selected, expected);
        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
        {
            var ranks = new BlockRanks(new float[32], new float[32]);
            uint actual = FastScan.Filter(
                query,
                data.Probe,
                data.Codes,
                data.Factors,
                threshold * 1.0001f,
                Selected,
                ranks,
                width);
            Assert.Equal(kept, actual);
            for (int i = 0; i < 32; i++)
            {
                Assert.Equal(expected.Estimates[i], ranks.Estimates[i], 1e-2);
                Assert.Equal(expected.Lowers[i], ranks.Lowers[i], 1e-2);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void It_estimates_what_the_codes_say_within_the_spread(int bits, int dimension)
    {
        CodeBlockData data = CodeBlockData.Make(bits, dimension, 8);
        var query = new FastScanQuery(bits, data.Query);
        var ranks = new BlockRanks(new float[32], new float[32]);
        FastScan.Filter(
            query, data.Probe, data.Codes, data.Factors, float.PositiveInfinity, ~0u, ranks);
        var code = new byte[ResidualCode.SizeBytes(bits, dimension)];
        for (int row = 0; row < 32; row++)
        {
            CodeBlock.Read(bits, data.Codes, row, code);
            CodeFactors factors = CodeBlock.ReadFactors(data.Factors, row);
            float product = ResidualCode.ProductScalar(bits, code, data.Query);
            (float estimate, _) = ResidualCode.Rank(factors, data.Probe, product);
            float slack = 5 * Math.Abs(factors.Scale) * query.Spread;
            Assert.Equal(estimate, ranks.Estimates[row], slack + 1e-3);
            double exact = SquaredEuclidean.ComputeScalar(data.Rows[row], data.Query);
            float half = ranks.Estimates[row] - ranks.Lowers[row];
            Assert.InRange(exact - ranks.Estimates[row], -3 * half, 3 * half);
        }
    }

    [Fact]
    public void No_row_is_looked_at_where_none_is_selected()
    {
        CodeBlockData data = CodeBlockData.Make(1, 64, 9);
        var query = new FastScanQuery(1, data.Query);
        var ranks = new BlockRanks(new float[32], new float[32]);
        Assert.Equal(0u, FastScan.Filter(
            query, data.Probe, data.Codes, data.Factors, float.PositiveInfinity, 0, ranks));
    }

    [Fact]
    public void A_query_with_a_NaN_skips_nothing_and_a_zero_query_is_exact()
    {
        CodeBlockData data = CodeBlockData.Make(1, 64, 10);
        var ranks = new BlockRanks(new float[32], new float[32]);
        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
        {
            float[] broken = [float.NaN, .. data.Query[1..]];
            Assert.Equal(~0u, FastScan.Filter(
                new FastScanQuery(1, broken),
                data.Probe,
                data.Codes,
                data.Factors,
                float.NegativeInfinity,
                ~0u,
                ranks,
                width));
        }

        var zero = new FastScanQuery(1, new float[64]);
        Assert.Equal(0, zero.Step);
        Assert.Equal(0, zero.Base);
        Assert.Equal(0, zero.Spread);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_row_written_over_another_leaves_the_others_alone(int bits)
    {
        CodeBlockData data = CodeBlockData.Make(bits, 128, 11);
        byte[] block = [.. data.Codes];
        var code = new byte[ResidualCode.SizeBytes(bits, 128)];
        var other = new byte[code.Length];
        CodeBlock.Read(bits, block, 3, code);
        CodeBlock.Write(bits, code, block, 19);
        for (int row = 0; row < 32; row++)
        {
            CodeBlock.Read(bits, data.Codes, row == 19 ? 3 : row, code);
            CodeBlock.Read(bits, block, row, other);
            Assert.Equal(code, other);
        }
    }
}
