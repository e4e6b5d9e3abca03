using System.Numerics;

namespace NeuroDb.Gpu;

/// <summary>
/// What a short-time Fourier transform needs besides the sound: Hann's window, the length of the
/// transform, and the roots of unity. Immutable and shared by threads.
/// </summary>
/// <remarks>
/// A frame of WindowLength samples is multiplied by w[n] = (1 - cos(2 pi n / WindowLength)) / 2
/// and filled with zeros to Length, the next power of two. Of the transform
/// X[k] = sum x[n] exp(-2 pi i n k / Length) there are Bins = Length / 2 + 1 numbers, as samples
/// are real.
/// </remarks>
internal sealed class FourierPlan
{
    /// <summary>The longest window.</summary>
    public const int WindowLengthMax = 1 << 16;

    private const int LengthMin = 16;

    private readonly float[] _window;
    private readonly float[] _cosines;
    private readonly float[] _sines;

    /// <summary>The plan of a window.</summary>
    public FourierPlan(int windowLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(windowLength, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(windowLength, WindowLengthMax);
        Length = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(windowLength, LengthMin));
        _window = new float[windowLength];
        for (int n = 0; n < windowLength; n++)
        {
            _window[n] = (float)((1 - Math.Cos(2 * Math.PI * n / windowLength)) / 2);
        }

        _cosines = new float[Length];
        _sines = new float[Length];
        for (int k = 0; k < Length; k++)
        {
            (double sin, double cos) = Math.SinCos(-2 * Math.PI * k / Length);
            _cosines[k] = (float)cos;
            _sines[k] = (float)sin;
        }
    }

    /// <summary>The points of a transform, a power of two.</summary>
    public int Length { get; }

    /// <summary>The frequencies of a spectrum.</summary>
    public int Bins => (Length / 2) + 1;

    /// <summary>Hann's window.</summary>
    public ReadOnlySpan<float> Window => _window;

    /// <summary>cos(-2 pi k / Length), (Length).</summary>
    public ReadOnlySpan<float> Cosines => _cosines;

    /// <summary>sin(-2 pi k / Length), (Length).</summary>
    public ReadOnlySpan<float> Sines => _sines;
}
