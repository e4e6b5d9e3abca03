using ILGPU;

namespace NeuroDb.Gpu;

/// <summary>
/// <see cref="Convolution"/>, device form: a thread takes one number of the result and gathers all
/// its terms, so no two threads write to one place and sums have one order.
/// </summary>
/// <remarks>Shapes as in <see cref="ConvolutionShape"/>.</remarks>
internal static class ConvolutionKernel
{
    /// <summary>The output; explicitly grouped.</summary>
    public static void Forward(
        ArrayView<float> input,
        ArrayView<float> weights,
        ArrayView<float> bias,
        ArrayView<float> output,
        ConvolutionShape shape,
        EpilogueFlags flags)
    {
        int count = shape.Count * shape.OutHeight * shape.OutWidth * shape.OutChannels;
        for (int at = DeviceGrid.First; at < count; at += DeviceGrid.Step)
        {
            int channel = at % shape.OutChannels;
            int pixel = at / shape.OutChannels;
            int image = pixel / (shape.OutHeight * shape.OutWidth);
            int top = (pixel / shape.OutWidth % shape.OutHeight * shape.Stride) - shape.PadTop;
            int left = (pixel % shape.OutWidth * shape.Stride) - shape.PadLeft;
            float sum = 0;
            for (int tap = 0; tap < shape.KernelHeight * shape.KernelWidth; tap++)
            {
                int row = top + (tap / shape.KernelWidth);
                int column = left + (tap % shape.KernelWidth);
                if (row >= 0 && row < shape.Height && column >= 0 && column < shape.Width)
                {
                    int x = ((((image * shape.Height) + row) * shape.Width) + column)
                        * shape.Channels;
                    for (int c = 0; c < shape.Channels; c++)
                    {
                        int w = (((tap * shape.Channels) + c) * shape.OutChannels) + channel;
                        sum += input[x + c] * weights[w];
                    }
                }
            }

            sum += (flags & EpilogueFlags.Biased) != 0 ? bias[channel] : 0;
            output[at] =
                (flags & EpilogueFlags.Rectified) != 0 ? IntrinsicMath.Max(sum, 0) : sum;
        }
    }

    /// <summary>The gradient with respect to the input; explicitly grouped.</summary>
    public static void InputGradient(
        ArrayView<float> outputGradient,
        ArrayView<float> weights,
        ArrayView<float> inputGradient,
        ConvolutionShape shape)
    {
        int count = shape.Count * shape.Height * shape.Width * shape.Channels;
        for (int at = DeviceGrid.First; at < count; at += DeviceGrid.Step)
        {
            int channel = at % shape.Channels;
            int pixel = at / shape.Channels;
            int image = pixel / (shape.Height * shape.Width);
            int down = (pixel / shape.Width % shape.Height) + shape.PadTop;
            int right = (pixel % shape.Width) + shape.PadLeft;
            float sum = 0;
            for (int tap = 0; tap < shape.KernelHeight * shape.KernelWidth; tap++)
            {
                int place = PlaceOf(
                    shape,
                    image,
                    down - (tap / shape.KernelWidth),
                    right - (tap % shape.KernelWidth));
                if (place >= 0)
                {
                    int w = ((tap * shape.Channels) + channel) * shape.OutChannels;
                    int y = place * shape.OutChannels;
                    for (int c = 0; c < shape.OutChannels; c++)
                    {
                        sum += outputGradient[y + c] * weights[w + c];
                    }
                }
            }

            inputGradient[at] = sum;
        }
    }

    /// <summary>Adds the gradient with respect to the weights; explicitly grouped.</summary>
    public static void AddWeightGradient(
        ArrayView<float> input,
        ArrayView<float> outputGradient,
        ArrayView<float> weightGradient,
        ConvolutionShape shape)
    {
        int count = shape.KernelHeight * shape.KernelWidth * shape.Channels * shape.OutChannels;
        int places = shape.Count * shape.OutHeight * shape.OutWidth;
        for (int at = DeviceGrid.First; at < count; at += DeviceGrid.Step)
        {
            int outChannel = at % shape.OutChannels;
            int channel = at / shape.OutChannels % shape.Channels;
            int tap = at / shape.OutChannels / shape.Channels;
            float sum = 0;
            for (int place = 0; place < places; place++)
            {
                int row = (place / shape.OutWidth % shape.OutHeight * shape.Stride)
                    - shape.PadTop + (tap / shape.KernelWidth);
                int column = (place % shape.OutWidth * shape.Stride)
                    - shape.PadLeft + (tap % shape.KernelWidth);
                if (row >= 0 && row < shape.Height && column >= 0 && column < shape.Width)
                {
                    int image = place / (shape.OutHeight * shape.OutWidth);
                    int x = ((((image * shape.Height) + row) * shape.Width) + column)
                        * shape.Channels;
                    sum += input[x + channel]
                        * outputGradient[(place * shape.OutChannels) + outChannel];
                }
            }

            weightGradient[at] += sum;
        }
    }

    /// <summary>
    /// The pixel of the output whose window begins here, counted over all images, or -1.
    /// </summary>
    internal static int PlaceOf(ConvolutionShape shape, int image, int down, int right)
    {
        int row = down / shape.Stride;
        int column = right / shape.Stride;
        bool isPlace = down >= 0 && right >= 0
            && down == row * shape.Stride && right == column * shape.Stride
            && row < shape.OutHeight && column < shape.OutWidth;
        return isPlace
            ? (((image * shape.OutHeight) + row) * shape.OutWidth) + column : -1;
    }
}
