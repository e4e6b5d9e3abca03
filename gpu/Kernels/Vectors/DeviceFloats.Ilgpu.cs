using ILGPU;
using ILGPU.Algorithms;

namespace NeuroDb.Gpu;

/// <summary>Device form of elements in single precision.</summary>
internal readonly struct DeviceFloats : IDeviceElements<Float4>
{
    /// <inheritdoc/>
    public float AddProduct(Float4 a, Float4 b, float sum) => DeviceMath.DotAdd(a, b, sum);

    /// <inheritdoc/>
    public float AddSquaredDifference(Float4 a, Float4 b, float sum)
    {
        Float4 difference;
        difference.X = a.X - b.X;
        difference.Y = a.Y - b.Y;
        difference.Z = a.Z - b.Z;
        difference.W = a.W - b.W;
        return DeviceMath.DotAdd(difference, difference, sum);
    }

    /// <inheritdoc/>
    public float AddAbsoluteDifference(Float4 a, Float4 b, float sum)
    {
        sum += IntrinsicMath.Abs(a.X - b.X);
        sum += IntrinsicMath.Abs(a.Y - b.Y);
        sum += IntrinsicMath.Abs(a.Z - b.Z);
        sum += IntrinsicMath.Abs(a.W - b.W);
        return sum;
    }

    /// <inheritdoc/>
    public float AddDifferent(Float4 a, Float4 b, float sum)
    {
        sum += Different(a.X, b.X);
        sum += Different(a.Y, b.Y);
        sum += Different(a.Z, b.Z);
        sum += Different(a.W, b.W);
        return sum;
    }

    private static float Different(float a, float b)
    {
        float different = a == b ? 0f : 1f;
        return XMath.IsNaN(a) || XMath.IsNaN(b) ? float.NaN : different;
    }
}
