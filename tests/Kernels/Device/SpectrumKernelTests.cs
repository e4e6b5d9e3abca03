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
        const int Hop = 29;
        var plan = new FourierPlan(window);
        var filters = new MelFilters(Math.Min(bands, plan.Bins), 8000, plan);
        float[] samples =
            VectorData.Floats((int)Spectrogram.SamplesOf(plan, Hop, frames), 7);
        var expected = new float[plan.Bins * frames];
        Spectrogram.Power(samples, plan, Hop, expected);
        var expectedMel = new float[filters.Bands * frames];
        Spectrogram.Mel(samples, plan, filters, Hop, expectedMel);

        using var device = new KernelDevice();
        ArrayView<float> power = device.Send(new float[expected.Length]);
        var shape = new SpectrumShape
        {
            Frames = frames,
            Hop = Hop,
            WindowLength = window,
            Length = plan.Length,
            Bands = filters.Bands,
        };
        device.Launch(
            SpectrumKernel.Power,
            device.Send(samples),
            device.Send(plan.Window.ToArray()),
            device.Send<float>([.. plan.Cosines, .. plan.Sines]),
            device.Send(new float[device.Groups * 2 * plan.Length]),
            power,
            shape);
        AssertNear(expected, device.Fetch(power));

        ArrayView<float> mel = device.Send(new float[expectedMel.Length]);
        device.Launch(
            SpectrumKernel.Mel,
            power,
            device.Send(filters.Weights.ToArray()),
            device.Send(filters.Firsts.ToArray()),
            device.Send(filters.Starts.ToArray()),
            mel,
            shape);
        AssertNear(expectedMel, device.Fetch(mel));
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
