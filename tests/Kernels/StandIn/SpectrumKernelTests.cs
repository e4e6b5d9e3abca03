using ILGPU;
using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>The device form of the spectrogram.</summary>
public sealed class SpectrumKernelTests
{
    [Theory]
    [InlineData(31, 3, 8)]
    [InlineData(100, 5, 20)]
    [InlineData(200, 2, 40)]
    public void It_agrees_with_the_processor(int window, int frames, int bands)
    {
        const int Groups = 2;
        const int Hop = 29;
        var plan = new FourierPlan(window);
        var filters = new MelFilters(Math.Min(bands, plan.Bins), 8000, plan);
        float[] samples =
            VectorData.Floats((int)Spectrogram.SamplesOf(plan, Hop, frames), 7);
        var expected = new float[plan.Bins * frames];
        Spectrogram.Power(samples, plan, Hop, expected);
        var expectedMel = new float[filters.Bands * frames];
        Spectrogram.Mel(samples, plan, filters, Hop, expectedMel);

        float[] roots = [.. plan.Cosines, .. plan.Sines];
        float[] windowed = plan.Window.ToArray();
        var scratch = new float[Groups * 2 * plan.Length];
        var power = new float[expected.Length];
        var shape = new SpectrumShape
        {
            Frames = frames,
            Hop = Hop,
            WindowLength = window,
            Length = plan.Length,
            Bands = filters.Bands,
        };
        Lane.Launch(Groups, 8, 4, () => SpectrumKernel.Power(
            new(samples), new(windowed), new(roots), new(scratch), new(power), shape));
        AssertNear(expected, power);

        var mel = new float[expectedMel.Length];
        float[] weights = filters.Weights.ToArray();
        int[] firsts = filters.Firsts.ToArray();
        int[] starts = filters.Starts.ToArray();
        Lane.Launch(Groups, 8, 4, () => SpectrumKernel.Mel(
            new(power), new(weights), new(firsts), new(starts), new(mel), shape));
        AssertNear(expectedMel, mel);
    }

    private static void AssertNear(float[] expected, float[] actual)
    {
        float scale = expected.Max();
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i] / scale, actual[i] / scale, 2e-6f);
        }
    }
}
