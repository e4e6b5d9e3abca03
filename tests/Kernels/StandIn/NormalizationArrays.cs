namespace NeuroDb.Tests.Kernels;

/// <summary>What one form of a normalisation fills.</summary>
internal sealed class NormalizationArrays(int rows, int columns)
{
    public float[] Y { get; } = new float[rows * columns];

    public float[] Gradient { get; } = new float[rows * columns];

    public float[] Moments { get; } = new float[rows * 2];

    public float[] Mean { get; } = new float[columns];

    public float[] Variance { get; } = new float[columns];

    public float[] Gain { get; } = new float[columns];

    public float[] Bias { get; } = new float[columns];

    /// <summary>Checks that another form gave the same.</summary>
    public void Matches(NormalizationArrays other)
    {
        Agreement.Of(Y, other.Y, 1e-5);
        Agreement.Of(Gradient, other.Gradient, 1e-5);
        Agreement.Of(Moments, other.Moments, 1e-5);
        Agreement.Of(Mean, other.Mean, 1e-5);
        Agreement.Of(Variance, other.Variance, 1e-5);
        Agreement.Of(Gain, other.Gain, 1e-5);
        Agreement.Of(Bias, other.Bias, 1e-5);
    }
}
