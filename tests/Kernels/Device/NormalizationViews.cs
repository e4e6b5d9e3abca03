using ILGPU;

namespace NeuroDb.Tests.Kernels;

/// <summary>What a normalisation fills on a device.</summary>
internal sealed record NormalizationViews(
    ArrayView<float> Y,
    ArrayView<float> Gradient,
    ArrayView<float> Moments,
    ArrayView<float> Mean,
    ArrayView<float> Variance,
    ArrayView<float> Gain,
    ArrayView<float> Bias)
{
    /// <summary>Zeros for the normalisation of a matrix.</summary>
    public static NormalizationViews Of(KernelDevice device, int rows, int columns) => new(
        device.Send(new float[rows * columns]),
        device.Send(new float[rows * columns]),
        device.Send(new float[rows * 2]),
        device.Send(new float[columns]),
        device.Send(new float[columns]),
        device.Send(new float[columns]),
        device.Send(new float[columns]));
}
