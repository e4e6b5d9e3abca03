using ILGPU;

namespace NeuroDb.Gpu;

/// <summary><see cref="Dropout"/>, device form.</summary>
internal static class DropoutKernel
{
    /// <summary>y = x mask scale; explicitly grouped.</summary>
    public static void Run(
        ArrayView<float> x, ArrayView<byte> mask, ArrayView<float> y, float scale)
    {
        for (long i = DeviceGrid.First; i < x.Length; i += DeviceGrid.Step)
        {
            y[i] = x[i] * (mask[i] * scale);
        }
    }
}
