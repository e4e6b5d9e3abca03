using ILGPU;
using ILGPU.Runtime;
using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>
/// What makes features on ILGPU itself: images brought to a size, hashes of n-grams and their
/// sums, spectra of sound, and the way forward through a network.
/// </summary>
public sealed class FeatureKernelTests
{
    [Theory]
    [InlineData(13, 9, 1, 5, 4, 1)]
    [InlineData(13, 9, 4, 5, 4, 3)]
    [InlineData(5, 3, 3, 8, 7, 1)]
    public void Images_are_those_of_the_processor(
        int width, int height, int given, int toWidth, int toHeight, int channels)
    {
        using var launch = new DeviceLaunch();
        var rows = new PixelWeights(height, toHeight);
        var columns = new PixelWeights(width, toWidth);
        byte[] pixels = ImageScaleTests.Pixels(width * height * given);
        var expected = new float[toWidth * toHeight * channels];
        ImageScale.ToFloats(pixels, given, rows, columns, channels, expected);
        var shape = new ImageScaleShape
        {
            FromWidth = width,
            FromHeight = height,
            Width = toWidth,
            Height = toHeight,
            Given = given,
            Channels = channels,
            Count = 1,
        };
        var sums = launch.Send(new float[toHeight * width * given]);
        var target = launch.Send(new float[expected.Length]);
        launch.Device.LoadStreamKernel<
            ArrayView<byte>, ArrayView<int>, ArrayView<int>, ArrayView<float>, ArrayView<float>,
            ImageScaleShape>(ImageScaleKernel.Down)(
            DeviceLaunch.Config,
            launch.Send(pixels).View,
            launch.Send(rows.Firsts.ToArray()).View,
            launch.Send(rows.Starts.ToArray()).View,
            launch.Send(rows.Weights.ToArray()).View,
            sums.View,
            shape);
        launch.Device.LoadStreamKernel<
            ArrayView<float>, ArrayView<int>, ArrayView<int>, ArrayView<float>, ArrayView<float>,
            ImageScaleShape>(ImageScaleKernel.Across)(
            DeviceLaunch.Config,
            sums.View,
            launch.Send(columns.Firsts.ToArray()).View,
            launch.Send(columns.Starts.ToArray()).View,
            launch.Send(columns.Weights.ToArray()).View,
            target.View,
            shape);
        Near(expected, launch.Fetch(target), 2e-6f);
    }

    [Fact]
    public void Hashes_and_their_sums_are_those_of_the_processor()
    {
        using var launch = new DeviceLaunch();
        ushort[] units = HashingTests.Units(41);
        var expected = new ulong[2 * units.Length];
        NgramHash.Compute(units, 3, 4, expected);
        var hashes = launch.Send(new ulong[expected.Length]);
        launch.Device.LoadStreamKernel<
            ArrayView<ushort>, ArrayView<ulong>, NgramHashShape>(NgramHashKernel.Compute)(
            DeviceLaunch.Config,
            launch.Send(units).View,
            hashes.View,
            new NgramHashShape { Length = units.Length, Shortest = 3, Longest = 4 });
        Assert.Equal(expected, launch.Fetch(hashes));

        int[] starts = [0, 30, 40];
        float[] weights = VectorData.Floats(40, 5);
        var sums = new float[2 * 50];
        for (int text = 0; text < 2; text++)
        {
            HashedSum.Add(
                expected.AsSpan(starts[text]..starts[text + 1]),
                weights.AsSpan(starts[text]..starts[text + 1]),
                3,
                sums.AsSpan(text * 50, 50));
        }

        var vectors = launch.Send(new float[sums.Length]);
        launch.Device.LoadStreamKernel<
            ArrayView<ulong>, ArrayView<float>, ArrayView<int>, ArrayView<float>,
            HashedSumShape>(HashedSumKernel.Add)(
            DeviceLaunch.Config,
            hashes.View,
            launch.Send(weights).View,
            launch.Send(starts).View,
            vectors.View,
            new HashedSumShape { Texts = 2, Dimension = 50, Blocks = 3 });
        Assert.Equal(sums, launch.Fetch(vectors));
    }

    [Fact]
    public void Spectra_are_those_of_the_processor()
    {
        const int Hop = 29;
        const int Frames = 3;
        using var launch = new DeviceLaunch();
        var plan = new FourierPlan(100);
        var filters = new MelFilters(20, 8000, plan);
        float[] samples =
            VectorData.Floats((int)Spectrogram.SamplesOf(plan, Hop, Frames), 7);
        var expected = new float[filters.Bands * Frames];
        Spectrogram.Mel(samples, plan, filters, Hop, expected);
        var shape = new SpectrumShape
        {
            Frames = Frames,
            Hop = Hop,
            WindowLength = plan.Window.Length,
            Length = plan.Length,
            Bands = filters.Bands,
        };
        var power = launch.Send(new float[plan.Bins * Frames]);
        var mel = launch.Send(new float[expected.Length]);
        launch.Device.LoadStreamKernel<
            ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>,
            ArrayView<float>, SpectrumShape>(SpectrumKernel.Power)(
            DeviceLaunch.Config,
            launch.Send(samples).View,
            launch.Send(plan.Window.ToArray()).View,
            launch.Send<float>([.. plan.Cosines, .. plan.Sines]).View,
            launch.Send(new float[2 * 2 * plan.Length]).View,
            power.View,
            shape);
        launch.Device.LoadStreamKernel<
            ArrayView<float>, ArrayView<float>, ArrayView<int>, ArrayView<int>,
            ArrayView<float>, SpectrumShape>(SpectrumKernel.Mel)(
            DeviceLaunch.Config,
            power.View,
            launch.Send(filters.Weights.ToArray()).View,
            launch.Send(filters.Firsts.ToArray()).View,
            launch.Send(filters.Starts.ToArray()).View,
            mel.View,
            shape);
        Near(expected, launch.Fetch(mel), 2e-6f * expected.Max());
    }

    [Fact]
    public void A_dense_layer_and_every_activation_are_those_of_the_processor()
    {
        using var launch = new DeviceLaunch();
        var shape = new MatrixShape(MatrixLayout.Plain, 5, 18, 7);
        float[] a = VectorData.Floats(shape.LengthA, 1);
        float[] b = VectorData.Floats(shape.LengthB, 2);
        float[] bias = VectorData.Floats(18, 3);
        var expected = new float[shape.LengthC];
        MatrixProduct.Compute(shape, a, b, expected, new ProductEpilogue { Bias = bias });
        var c = launch.Send(new float[expected.Length]);
        launch.Device.LoadStreamKernel<
            ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, MatrixShape,
            EpilogueFlags>(MatrixProductKernel.Run)(
            DeviceLaunch.Config,
            launch.Send(a).View,
            launch.Send(b).View,
            launch.Send(bias).View,
            c.View,
            shape,
            EpilogueFlags.Biased);
        Near(expected, launch.Fetch(c), 1e-5f);

        var y = launch.Send(new float[expected.Length]);
        Action<KernelConfig, ArrayView<float>, ArrayView<float>, ActivationKind> run =
            launch.Device.LoadStreamKernel<
                ArrayView<float>, ArrayView<float>, ActivationKind>(ActivationKernel.Forward);
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
        {
            var activated = new float[expected.Length];
            Activation.Forward(kind, launch.Fetch(c), activated);
            run(DeviceLaunch.Config, c.View, y.View, kind);
            Near(activated, launch.Fetch(y), 2e-6f);
        }
    }

    private static void Near(float[] expected, float[] given, float tolerance)
    {
        Assert.Equal(expected.Length, given.Length);
        Assert.InRange(
            expected.Zip(given, static (a, b) => Math.Abs(a - b)).Max(), 0, tolerance);
    }
}
