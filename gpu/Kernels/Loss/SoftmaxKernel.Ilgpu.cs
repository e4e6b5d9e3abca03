using ILGPU;
using ILGPU.Algorithms;

namespace NeuroDb.Gpu;

/// <summary><see cref="Softmax"/>, device form: a thread takes one row.</summary>
internal static class SoftmaxKernel
{
    /// <summary>The probabilities; explicitly grouped.</summary>
    public static void Run(ArrayView<float> x, ArrayView<float> p, int columns)
    {
        long rows = x.Length / columns;
        for (long row = DeviceGrid.First; row < rows; row += DeviceGrid.Step)
        {
            long start = row * columns;
            float largest = x[start];
            for (int i = 1; i < columns; i++)
            {
                largest = IntrinsicMath.Max(largest, x[start + i]);
            }

            float sum = 0;
            for (int i = 0; i < columns; i++)
            {
                float part = XMath.Exp(x[start + i] - largest);
                p[start + i] = part;
                sum += part;
            }

            for (int i = 0; i < columns; i++)
            {
                p[start + i] /= sum;
            }
        }
    }

    /// <summary>
    /// Probabilities become the gradient of the mean cross entropy, without smoothing and weights;
    /// explicitly grouped.
    /// </summary>
    public static void CrossEntropy(ArrayView<float> p, ArrayView<float> labels, int columns)
    {
        for (long i = DeviceGrid.First; i < p.Length; i += DeviceGrid.Step)
        {
            float target = (int)labels[i / columns] == (int)(i % columns) ? 1 : 0;
            p[i] = (p[i] - target) / labels.Length;
        }
    }
}
