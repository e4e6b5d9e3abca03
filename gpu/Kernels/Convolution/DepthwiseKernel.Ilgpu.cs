using ILGPU;

namespace NeuroDb.Gpu;

/// <summary>
/// <see cref="DepthwiseConvolution"/>, device form: a thread takes one number of the result.
/// </summary>
internal static class DepthwiseKernel
{
    /// <summary>
    /// One pass; explicitly grouped. Left and right are its two factors in the order of
    /// <see cref="DepthwisePass"/>; the gradient of the weights is added.
    /// </summary>
    public static void Run(
        ArrayView<float> left,
        ArrayView<float> right,
        ArrayView<float> result,
        ConvolutionShape shape,
        DepthwisePass pass)
    {
        int taps = shape.KernelHeight * shape.KernelWidth;
        int count = pass == DepthwisePass.WeightGradient
            ? taps * shape.Channels
            : shape.Count * shape.Channels * (pass == DepthwisePass.Forward
                ? shape.OutHeight * shape.OutWidth : shape.Height * shape.Width);
        for (int at = DeviceGrid.First; at < count; at += DeviceGrid.Step)
        {
            int channel = at % shape.Channels;
            int pixel = at / shape.Channels;
            float sum = 0;
            if (pass == DepthwisePass.WeightGradient)
            {
                for (int place = 0; place < shape.Count * shape.OutHeight * shape.OutWidth; place++)
                {
                    int source = SourceOf(shape, place, pixel);
                    sum += source < 0
                        ? 0
                        : left[(source * shape.Channels) + channel]
                            * right[(place * shape.Channels) + channel];
                }

                result[at] += sum;
                continue;
            }

            for (int tap = 0; tap < taps; tap++)
            {
                int source = pass == DepthwisePass.Forward
                    ? SourceOf(shape, pixel, tap) : PlaceOf(shape, pixel, tap);
                sum += source < 0
                    ? 0
                    : left[(source * shape.Channels) + channel]
                        * right[(tap * shape.Channels) + channel];
            }

            result[at] = sum;
        }
    }

    /// <summary>The pixel that a tap of an output pixel reads, or -1.</summary>
    internal static int SourceOf(ConvolutionShape shape, int place, int tap)
    {
        int row = (place / shape.OutWidth % shape.OutHeight * shape.Stride)
            - shape.PadTop + (tap / shape.KernelWidth);
        int column = (place % shape.OutWidth * shape.Stride)
            - shape.PadLeft + (tap % shape.KernelWidth);
        int image = place / (shape.OutWidth * shape.OutHeight);
        return row < 0 || row >= shape.Height || column < 0 || column >= shape.Width
            ? -1 : (((image * shape.Height) + row) * shape.Width) + column;
    }

    /// <summary>The output pixel that reads a pixel with a tap, or -1.</summary>
    internal static int PlaceOf(ConvolutionShape shape, int pixel, int tap) =>
        ConvolutionKernel.PlaceOf(
            shape,
            pixel / (shape.Width * shape.Height),
            (pixel / shape.Width % shape.Height) + shape.PadTop - (tap / shape.KernelWidth),
            (pixel % shape.Width) + shape.PadLeft - (tap % shape.KernelWidth));
}
