using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>
/// A depthwise convolution of three by three that moves by one pixel: two rows of the output at
/// once, from left to right, with the nine weights and the sums that are not complete in
/// registers. A pixel is read once for the six sums of a column that it takes part in; rows
/// outside the image are a row of zeros.
/// </summary>
internal static unsafe class DepthwiseSlide<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary>Whether a convolution has this form.</summary>
    public static bool Applies(in ConvolutionShape shape) =>
        shape.KernelHeight == 3 && shape.KernelWidth == 3 && shape.Stride == 1
        && shape.OutHeight > 1 && shape.Channels >= TLanes.Count
        && shape.PadTop >= 0 && shape.PadLeft is >= 0 and < 3;

    /// <summary>The output of one image.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="image">(height, width, channels).</param>
    /// <param name="weights">(3, 3, channels).</param>
    /// <param name="bias">(channels), or null.</param>
    /// <param name="zeros">(width, channels), all 0.</param>
    /// <param name="result">(out height, out width, channels).</param>
    public static void Run(
        in ConvolutionShape shape,
        float* image,
        float* weights,
        float* bias,
        float* zeros,
        float* result)
    {
        nint line = (nint)shape.Width * shape.Channels;
        for (int at = 0; at < shape.OutHeight; at += 2)
        {
            // The last two rows may be computed twice: alike, and sooner than one by itself.
            int row = Math.Min(at, shape.OutHeight - 2);
            float* x0 = RowOf(shape, image, zeros, row - shape.PadTop);
            float* x1 = RowOf(shape, image, zeros, row - shape.PadTop + 1);
            float* x2 = RowOf(shape, image, zeros, row - shape.PadTop + 2);
            float* x3 = RowOf(shape, image, zeros, row - shape.PadTop + 3);
            for (int lane = 0; lane < shape.Channels; lane += TLanes.Count)
            {
                int channel = Math.Min(lane, shape.Channels - TLanes.Count);
                RunRows(
                    shape,
                    x0 + channel,
                    x1 + channel,
                    x2 + channel,
                    x3 + channel,
                    weights + channel,
                    bias == null ? default : TLanes.Load(bias + channel),
                    result + ((nint)row * shape.OutWidth * shape.Channels) + channel);
            }
        }
    }

    private static float* RowOf(
        in ConvolutionShape shape, float* image, float* zeros, int row) =>
        row < 0 || row >= shape.Height
            ? zeros : image + ((nint)row * shape.Width * shape.Channels);

    // first and second wait for two more columns and for one more.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunRows(
        in ConvolutionShape shape,
        float* x0,
        float* x1,
        float* x2,
        float* x3,
        float* weights,
        TVector bias,
        float* result)
    {
        nint channels = shape.Channels;
        nint below = shape.OutWidth * channels;
        int last = shape.OutWidth;
        TVector w00 = TLanes.Load(weights), w01 = TLanes.Load(weights + channels);
        TVector w02 = TLanes.Load(weights + (2 * channels));
        weights += 3 * channels;
        TVector w10 = TLanes.Load(weights), w11 = TLanes.Load(weights + channels);
        TVector w12 = TLanes.Load(weights + (2 * channels));
        weights += 3 * channels;
        TVector w20 = TLanes.Load(weights), w21 = TLanes.Load(weights + channels);
        TVector w22 = TLanes.Load(weights + (2 * channels));
        TVector upper1 = bias, upper2 = bias, lower1 = bias, lower2 = bias;
        int place = shape.PadLeft - 2;
        for (int column = shape.Width; column > 0; column--, place++)
        {
            TVector a = TLanes.Load(x0), b = TLanes.Load(x1);
            TVector c = TLanes.Load(x2), d = TLanes.Load(x3);
            x0 += channels;
            x1 += channels;
            x2 += channels;
            x3 += channels;
            if ((uint)place < (uint)last)
            {
                TLanes.Store(Sum(upper2, a, w02, b, w12, c, w22), result);
                TLanes.Store(Sum(lower2, b, w02, c, w12, d, w22), result + below);
                result += channels;
            }

            upper2 = Sum(upper1, a, w01, b, w11, c, w21);
            lower2 = Sum(lower1, b, w01, c, w11, d, w21);
            upper1 = Sum(bias, a, w00, b, w10, c, w20);
            lower1 = Sum(bias, b, w00, c, w10, d, w20);
        }

        for (; place < last; place++)
        {
            if (place >= 0)
            {
                TLanes.Store(upper2, result);
                TLanes.Store(lower2, result + below);
                result += channels;
            }

            upper2 = upper1;
            lower2 = lower1;
            upper1 = bias;
            lower1 = bias;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum(
        TVector sum, TVector a, TVector u, TVector b, TVector v, TVector c, TVector w) =>
        TLanes.MultiplyAdd(
            c, w, TLanes.MultiplyAdd(b, v, TLanes.MultiplyAdd(a, u, sum)));
}
