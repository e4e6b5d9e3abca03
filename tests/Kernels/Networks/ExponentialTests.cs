using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>e to the power of a, in registers of every width.</summary>
public sealed class ExponentialTests
{
    public static TheoryData<int> Widths =>
        [.. Enum.GetValues<VectorWidth>().Select(static width => (int)width)];

    [Theory]
    [MemberData(nameof(Widths))]
    public void The_error_is_about_one_unit_in_the_last_place(int width)
    {
        var random = new Random(7);
        float[] a =
        [
            0, -0f, 1, -1, 88.7f, -87.3f, 1e-30f, -1e-30f,
            .. Enumerable.Range(0, 40_000).Select(_ => (float)(random.NextDouble() * 174) - 87),
            .. Enumerable.Range(0, 40_000).Select(_ => (float)(random.NextDouble() * 2) - 1),
        ];
        float[] powers = Compute(a, (VectorWidth)width);
        for (int i = 0; i < a.Length; i++)
        {
            double expected = Math.Exp(a[i]);
            double unit = MathF.BitIncrement((float)expected) - (float)expected;
            Assert.InRange(Math.Abs(powers[i] - expected), 0, 1.5 * unit);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void What_no_float_holds_becomes_zero_and_infinity(int width)
    {
        float[] powers = Compute(
            [
                float.PositiveInfinity, float.NegativeInfinity, float.NaN, 89, 1e30f, -104.5f,
                -1e30f, float.MaxValue, float.MinValue, 0, -100, -103,
            ],
            (VectorWidth)width);

        Assert.Equal(
            [float.PositiveInfinity, 0, float.NaN, float.PositiveInfinity, float.PositiveInfinity,
                0, 0, float.PositiveInfinity, 0, 1],
            powers[..10]);
        Assert.InRange(powers[10], Math.Exp(-100) - float.Epsilon, Math.Exp(-100) + float.Epsilon);
        Assert.InRange(powers[11], 0, 2 * float.Epsilon);
    }

    private static float[] Compute(float[] a, VectorWidth width)
    {
        var powers = new float[(a.Length + 15) / 16 * 16];
        a.CopyTo(powers, 0);
        var action = new ExponentialAction(powers);
        FloatDispatch.Run(width, ref action);
        return powers[..a.Length];
    }
}
