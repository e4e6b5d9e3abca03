using ILGPU;

namespace NeuroDb.Gpu;

/// <summary>
/// Device form of elements in half precision: they become floats, as <see cref="HalfBits"/> does
/// it, and are computed with as such.
/// </summary>
internal readonly struct DeviceHalves : IDeviceElements<Word4>
{
    private const float Scale = 5.192296858534828e33f;

    /// <inheritdoc/>
    public float AddProduct(Word4 a, Word4 b, float sum)
    {
        DeviceFloats floats = default;
        sum = floats.AddProduct(Decode(a.X, a.Y), Decode(b.X, b.Y), sum);
        return floats.AddProduct(Decode(a.Z, a.W), Decode(b.Z, b.W), sum);
    }

    /// <inheritdoc/>
    public float AddSquaredDifference(Word4 a, Word4 b, float sum)
    {
        DeviceFloats floats = default;
        sum = floats.AddSquaredDifference(Decode(a.X, a.Y), Decode(b.X, b.Y), sum);
        return floats.AddSquaredDifference(Decode(a.Z, a.W), Decode(b.Z, b.W), sum);
    }

    /// <inheritdoc/>
    public float AddAbsoluteDifference(Word4 a, Word4 b, float sum)
    {
        DeviceFloats floats = default;
        sum = floats.AddAbsoluteDifference(Decode(a.X, a.Y), Decode(b.X, b.Y), sum);
        return floats.AddAbsoluteDifference(Decode(a.Z, a.W), Decode(b.Z, b.W), sum);
    }

    /// <inheritdoc/>
    public float AddDifferent(Word4 a, Word4 b, float sum)
    {
        DeviceFloats floats = default;
        sum = floats.AddDifferent(Decode(a.X, a.Y), Decode(b.X, b.Y), sum);
        return floats.AddDifferent(Decode(a.Z, a.W), Decode(b.Z, b.W), sum);
    }

    private static Float4 Decode(uint first, uint second)
    {
        Float4 floats;
        floats.X = Decode(first);
        floats.Y = Decode(first >> 16);
        floats.Z = Decode(second);
        floats.W = Decode(second >> 16);
        return floats;
    }

    /// <summary>The half in the lower 16 bits.</summary>
    private static float Decode(uint word)
    {
        uint moved = ((word & 0x8000) << 16) | ((word & 0x7FFF) << 13);
        float value = Interop.IntAsFloat(moved) * Scale;
        return (word & 0x7C00) == 0x7C00
            ? Interop.IntAsFloat(Interop.FloatAsInt(value) | 0x7F800000)
            : value;
    }
}
