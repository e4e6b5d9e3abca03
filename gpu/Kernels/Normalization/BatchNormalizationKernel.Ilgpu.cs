using ILGPU;
using ILGPU.Algorithms;

namespace NeuroDb.Gpu;

/// <summary><see cref="BatchNormalization"/>, device form: a thread takes a column.</summary>
internal static class BatchNormalizationKernel
{
    /// <summary>Means and variances; explicitly grouped.</summary>
    public static void Moments(
        ArrayView<float> x, ArrayView<float> mean, ArrayView<float> variance)
    {
        int columns = (int)mean.Length;
        long rows = x.Length / columns;
        for (int column = DeviceGrid.First; column < columns; column += DeviceGrid.Step)
        {
            float sum = 0;
            for (long row = 0; row < rows; row++)
            {
                sum += x[(row * columns) + column];
            }

            float center = sum / rows;
            float squares = 0;
            for (long row = 0; row < rows; row++)
            {
                float difference = x[(row * columns) + column] - center;
                squares += difference * difference;
            }

            mean[column] = center;
            variance[column] = squares / rows;
        }
    }

    /// <summary>The normalised numbers; explicitly grouped.</summary>
    public static void Apply(
        ArrayView<float> x,
        ArrayView<float> mean,
        ArrayView<float> variance,
        ArrayView<float> gain,
        ArrayView<float> bias,
        ArrayView<float> y)
    {
        for (long i = DeviceGrid.First; i < x.Length; i += DeviceGrid.Step)
        {
            long column = i % gain.Length;
            float root = 1 / XMath.Sqrt(variance[column] + BatchNormalization.Epsilon);
            y[i] = ((x[i] - mean[column]) * root * gain[column]) + bias[column];
        }
    }

    /// <summary>The gradient; adds to those of gain and bias; explicitly grouped.</summary>
    public static void Backward(
        ArrayView<float> x,
        ArrayView<float> mean,
        ArrayView<float> variance,
        ArrayView<float> gain,
        ArrayView<float> dy,
        ArrayView<float> dx,
        ArrayView<float> gainGradient,
        ArrayView<float> biasGradient)
    {
        int columns = (int)mean.Length;
        long rows = x.Length / columns;
        for (int column = DeviceGrid.First; column < columns; column += DeviceGrid.Step)
        {
            float root = 1 / XMath.Sqrt(variance[column] + BatchNormalization.Epsilon);
            float sum = 0;
            float product = 0;
            for (long at = column; at < x.Length; at += columns)
            {
                sum += dy[at];
                product += dy[at] * (x[at] - mean[column]) * root;
            }

            for (long at = column; at < x.Length; at += columns)
            {
                float normal = (x[at] - mean[column]) * root;
                dx[at] = gain[column] * root
                    * (dy[at] - (sum / rows) - (normal * product / rows));
            }

            gainGradient[column] += product;
            biasGradient[column] += sum;
        }
    }
}
