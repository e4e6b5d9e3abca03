namespace NeuroDb.Tests.Kernels;

/// <summary>What a normalisation fills on the processor.</summary>
internal sealed class NormalizationArrays(int rows, int columns)
{
    public float[] Y { get; } = new float[rows * columns];

    public float[] Gradient { get; } = new float[rows * columns];

    public float[] Moments { get; } = new float[rows * 2];

    public float[] Mean { get; } = new float[columns];

    public float[] Variance { get; } = new float[columns];

    public float[] Gain { get; } = new float[columns];

    public float[] Bias { get; } = new float[columns];

    /// <summary>Checks that the device gave the same.</summary>
    public void Matches(KernelDevice device, NormalizationViews views)
    {
        Agreement.Of(Y, device.Fetch(views.Y), 1e-5);
        Agreement.Of(Gradient, device.Fetch(views.Gradient), 1e-5);
        Agreement.Of(Moments, device.Fetch(views.Moments), 1e-5);
        Agreement.Of(Mean, device.Fetch(views.Mean), 1e-5);
        Agreement.Of(Variance, device.Fetch(views.Variance), 1e-5);
        Agreement.Of(Gain, device.Fetch(views.Gain), 1e-5);
        Agreement.Of(Bias, device.Fetch(views.Bias), 1e-5);
    }
}
