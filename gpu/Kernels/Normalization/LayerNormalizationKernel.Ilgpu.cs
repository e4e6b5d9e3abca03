using ILGPU;
using ILGPU.Algorithms;

namespace NeuroDb.Gpu;

/// <summary>
/// <see cref="LayerNormalization"/>, device form: a thread takes a row, or a column of the
/// gradients of gain and bias.
/// </summary>
internal static class LayerNormalizationKernel
{
    /// <summary>The normalised rows; explicitly grouped.</summary>
    public static void Forward(
        ArrayView<float> x,
        ArrayView<float> gain,
        ArrayView<float> bias,
        ArrayView<float> y,
        ArrayView<float> moments)
    {
        int columns = (int)gain.Length;
        for (long row = DeviceGrid.First; row < x.Length / columns; row += DeviceGrid.Step)
        {
            long start = row * columns;
            float sum = 0;
            for (int i = 0; i < columns; i++)
            {
                sum += x[start + i];
            }

            float mean = sum / columns;
            float squares = 0;
            for (int i = 0; i < columns; i++)
            {
                squares += (x[start + i] - mean) * (x[start + i] - mean);
            }

            float root = 1 / XMath.Sqrt((squares / columns) + LayerNormalization.Epsilon);
            moments[2 * row] = mean;
            moments[(2 * row) + 1] = root;
            for (int i = 0; i < columns; i++)
            {
                y[start + i] = ((x[start + i] - mean) * root * gain[i]) + bias[i];
            }
        }
    }

    /// <summary>The gradient of the input; explicitly grouped.</summary>
    public static void Backward(
        ArrayView<float> x,
        ArrayView<float> gain,
        ArrayView<float> dy,
        ArrayView<float> moments,
        ArrayView<float> dx)
    {
        int columns = (int)gain.Length;
        for (long row = DeviceGrid.First; row < x.Length / columns; row += DeviceGrid.Step)
        {
            long start = row * columns;
            float mean = moments[2 * row];
            float root = moments[(2 * row) + 1];
            float sum = 0;
            float product = 0;
            for (int i = 0; i < columns; i++)
            {
                float scaled = dy[start + i] * gain[i];
                sum += scaled;
                product += scaled * (x[start + i] - mean) * root;
            }

            for (int i = 0; i < columns; i++)
            {
                float normal = (x[start + i] - mean) * root;
                dx[start + i] = root * ((dy[start + i] * gain[i])
                    - (sum / columns) - (normal * product / columns));
            }
        }
    }

    /// <summary>Adds the gradients of gain and bias; explicitly grouped.</summary>
    public static void AddGainGradient(
        ArrayView<float> x,
        ArrayView<float> dy,
        ArrayView<float> moments,
        ArrayView<float> gainGradient,
        ArrayView<float> biasGradient)
    {
        int columns = (int)gainGradient.Length;
        for (int column = DeviceGrid.First; column < columns; column += DeviceGrid.Step)
        {
            float sum = 0;
            float product = 0;
            for (long row = 0; row < x.Length / columns; row++)
            {
                long at = (row * columns) + column;
                sum += dy[at];
                product += dy[at] * (x[at] - moments[2 * row]) * moments[(2 * row) + 1];
            }

            gainGradient[column] += product;
            biasGradient[column] += sum;
        }
    }
}
