using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Spectra of every register width against sums in double precision.</summary>
public sealed class SpectrogramTests
{
    private const int Hop = 37;

    public static TheoryData<int, int> Shapes => new()
    {
        { 2, 1 }, { 15, 3 }, { 16, 17 }, { 31, 2 }, { 64, 16 }, { 100, 19 }, { 200, 33 },
        { 400, 7 }, { 700, 5 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_width_agrees_with_the_sum_over_all_samples(int window, int frames)
    {
        var plan = new FourierPlan(window);
        float[] samples = Samples(plan, frames);
        double[] expected = Spectrogram.PowerScalar(samples, plan, Hop, frames);
        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
        {
            var power = new float[expected.Length];
            Spectrogram.Power(samples, plan, Hop, power, width);
            AssertNear(expected, power);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Mel_bands_are_the_sums_of_their_triangles(int window, int frames)
    {
        var plan = new FourierPlan(window);
        var filters = new MelFilters(Math.Min(40, plan.Bins), 8000, plan);
        float[] samples = Samples(plan, frames);
        double[] expected = Spectrogram.MelScalar(
            Spectrogram.PowerScalar(samples, plan, Hop, frames), filters, frames);
        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
        {
            var mel = new float[expected.Length];
            Spectrogram.Mel(samples, plan, filters, Hop, mel, width);
            AssertNear(expected, mel);
        }
    }

    [Fact]
    public void Widths_give_the_same_bits()
    {
        var plan = new FourierPlan(200);
        float[] samples = Samples(plan, 21);
        var first = new float[plan.Bins * 21];
        Spectrogram.Power(samples, plan, Hop, first, VectorWidth.Bits128);
        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
        {
            var power = new float[first.Length];
            Spectrogram.Power(samples, plan, Hop, power, width);
            Assert.Equal(first, power);
        }
    }

    [Fact]
    public void A_tone_is_loudest_at_its_own_frequency()
    {
        var plan = new FourierPlan(512);
        var samples = new float[512];
        for (int n = 0; n < samples.Length; n++)
        {
            samples[n] = MathF.Sin(2 * MathF.PI * 1000 * n / 16_000);
        }

        var power = new float[plan.Bins];
        Spectrogram.Power(samples, plan, 1, power);
        Assert.Equal(1000 * 512 / 16_000, power.AsSpan().IndexOf(power.Max()));
    }

    [Fact]
    public void How_loud_a_sound_is_does_not_change_its_image_and_silence_is_black()
    {
        var plan = new FourierPlan(200);
        var filters = new MelFilters(24, 8000, plan);
        float[] samples = Samples(plan, 9);
        var image = new float[24 * 9];
        Spectrogram.LogMel(samples, plan, filters, Hop, image);
        Assert.Equal(1, image.Max());
        Assert.All(image, number => Assert.InRange(number, 0, 1));
        var quiet = new float[image.Length];
        Spectrogram.LogMel([.. samples.Select(x => x / 64)], plan, filters, Hop, quiet);
        Assert.All(image.Zip(quiet), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Spectrogram.LogMel(new float[samples.Length], plan, filters, Hop, image);
        Assert.All(image, number => Assert.Equal(0, number));
    }

    [Fact]
    public void Each_band_hears_something_and_the_triangles_leave_no_gap()
    {
        var plan = new FourierPlan(200);
        foreach (int bands in (int[])[1, 24, 40, 80, plan.Bins])
        {
            var filters = new MelFilters(bands, 8000, plan);
            for (int band = 0; band < bands; band++)
            {
                int start = filters.Starts[band];
                int count = filters.Starts[band + 1] - start;
                Assert.True(count > 0 && filters.Firsts[band] + count <= plan.Bins);
                Assert.All(
                    filters.Weights.Slice(start, count).ToArray(),
                    weight => Assert.InRange(weight, 1e-6f, 1));
            }
        }
    }

    [Fact]
    public void NaN_spreads_over_the_frames_that_hold_it_and_no_others()
    {
        var plan = new FourierPlan(64);
        float[] samples = Samples(plan, 5);
        samples[(2 * Hop) + 1] = float.NaN;
        var power = new float[plan.Bins * 5];
        Spectrogram.Power(samples, plan, Hop, power);
        for (int i = 0; i < power.Length; i++)
        {
            Assert.Equal(i % 5 is 1 or 2, float.IsNaN(power[i]));
        }
    }

    [Fact]
    public void Too_few_samples_are_refused()
    {
        var plan = new FourierPlan(64);
        Assert.Throws<ArgumentException>(
            () => Spectrogram.Power(new float[63], plan, 1, new float[plan.Bins]));
        Assert.Throws<ArgumentException>(
            () => Spectrogram.Power(new float[64], plan, 1, new float[plan.Bins + 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FourierPlan(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MelFilters(34, 8000, plan));
    }

    private static float[] Samples(FourierPlan plan, int frames) =>
        VectorData.Floats((int)Spectrogram.SamplesOf(plan, Hop, frames), 3);

    /// <summary>Rounding grows with the energy of a frame, not with the number itself.</summary>
    private static void AssertNear(double[] expected, float[] actual)
    {
        double scale = expected.Max() + 1e-6;
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i] / scale, actual[i] / scale, 2e-6);
        }
    }
}
