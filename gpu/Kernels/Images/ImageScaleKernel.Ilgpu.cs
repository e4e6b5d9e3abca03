using ILGPU;

namespace NeuroDb.Gpu;

/// <summary>
/// An <see cref="ImageScale"/> of images of one size, device form: down, then across, a thread for
/// each sum.
/// </summary>
/// <remarks>
/// Shapes: pixels (Count, FromHeight, FromWidth, Given); sums (Count, Height, FromWidth, Given);
/// target (Count, Height, Width, Channels); firsts, starts and weights as
/// <see cref="PixelWeights"/> has them.
/// </remarks>
internal static class ImageScaleKernel
{
    /// <summary>Fills sums from pixels; explicitly grouped.</summary>
    public static void Down(
        ArrayView<byte> pixels,
        ArrayView<int> firsts,
        ArrayView<int> starts,
        ArrayView<float> weights,
        ArrayView<float> sums,
        ImageScaleShape shape)
    {
        long length = (long)shape.FromWidth * shape.Given;
        long count = shape.Count * shape.Height * length;
        for (long i = DeviceGrid.First; i < count; i += DeviceGrid.Step)
        {
            long row = i / length;
            long image = row / shape.Height;
            long y = row % shape.Height;
            long at = (((image * shape.FromHeight) + firsts[y]) * length) + (i % length);
            float sum = 0;
            for (int weight = starts[y]; weight < starts[y + 1]; weight++)
            {
                sum += weights[weight] * pixels[at];
                at += length;
            }

            sums[i] = sum;
        }
    }

    /// <summary>Fills target from sums; explicitly grouped.</summary>
    public static void Across(
        ArrayView<float> sums,
        ArrayView<int> firsts,
        ArrayView<int> starts,
        ArrayView<float> weights,
        ArrayView<float> target,
        ImageScaleShape shape)
    {
        long count = (long)shape.Count * shape.Height * shape.Width;
        for (long i = DeviceGrid.First; i < count; i += DeviceGrid.Step)
        {
            long x = i % shape.Width;
            long row = i / shape.Width * shape.FromWidth;
            long at = (row + firsts[x]) * shape.Given;
            bool isColour = shape.Given >= 3;
            float red = 0;
            float green = 0;
            float blue = 0;
            for (int weight = starts[x]; weight < starts[x + 1]; weight++)
            {
                red += weights[weight] * sums[at];
                if (isColour)
                {
                    green += weights[weight] * sums[at + 1];
                    blue += weights[weight] * sums[at + 2];
                }

                at += shape.Given;
            }

            long place = i * shape.Channels;
            if (shape.Channels == 1)
            {
                target[place] = isColour
                    ? (red * ImageScale.Red) + (green * ImageScale.Green)
                        + (blue * ImageScale.Blue)
                    : red / 255;
            }
            else
            {
                target[place] = red / 255;
                target[place + 1] = (isColour ? green : red) / 255;
                target[place + 2] = (isColour ? blue : red) / 255;
            }
        }
    }
}
