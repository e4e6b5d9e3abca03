using ILGPU;

namespace NeuroDb.Gpu;

/// <summary><see cref="Pooling"/>, device form: a thread takes one number of the result.</summary>
internal static class PoolingKernel
{
    /// <summary>The pooled images; explicitly grouped.</summary>
    public static void Forward(
        ArrayView<float> input,
        ArrayView<float> output,
        ArrayView<byte> taps,
        ConvolutionShape shape,
        PoolingKind kind)
    {
        int count = shape.Count * shape.OutHeight * shape.OutWidth * shape.Channels;
        for (int at = DeviceGrid.First; at < count; at += DeviceGrid.Step)
        {
            float sum = 0;
            float best = 0;
            int members = 0;
            int bestTap = 0;
            for (int tap = 0; tap < shape.KernelHeight * shape.KernelWidth; tap++)
            {
                int source = DepthwiseKernel.SourceOf(shape, at / shape.Channels, tap);
                if (source < 0)
                {
                    continue;
                }

                float number = input[(source * shape.Channels) + (at % shape.Channels)];
                sum += number;
                if (members == 0 || number > best)
                {
                    best = number;
                    bestTap = tap;
                }

                members++;
            }

            output[at] = kind == PoolingKind.Maximum ? best : sum / members;
            if (kind == PoolingKind.Maximum)
            {
                taps[at] = (byte)bestTap;
            }
        }
    }

    /// <summary>The gradient with respect to the input; explicitly grouped.</summary>
    public static void Backward(
        ArrayView<float> outputGradient,
        ArrayView<byte> taps,
        ArrayView<float> inputGradient,
        ConvolutionShape shape,
        PoolingKind kind)
    {
        int count = shape.Count * shape.Height * shape.Width * shape.Channels;
        for (int at = DeviceGrid.First; at < count; at += DeviceGrid.Step)
        {
            float sum = 0;
            for (int tap = 0; tap < shape.KernelHeight * shape.KernelWidth; tap++)
            {
                int place = DepthwiseKernel.PlaceOf(shape, at / shape.Channels, tap);
                if (place < 0)
                {
                    continue;
                }

                int from = (place * shape.Channels) + (at % shape.Channels);
                if (kind == PoolingKind.Average)
                {
                    sum += outputGradient[from] / MembersOf(shape, place);
                }
                else if (taps[from] == tap)
                {
                    sum += outputGradient[from];
                }
            }

            inputGradient[at] = sum;
        }
    }

    private static int MembersOf(ConvolutionShape shape, int place)
    {
        int members = 0;
        for (int tap = 0; tap < shape.KernelHeight * shape.KernelWidth; tap++)
        {
            members += DepthwiseKernel.SourceOf(shape, place, tap) < 0 ? 0 : 1;
        }

        return members;
    }
}
