namespace ILGPU;

/// <summary>Test stand-in: the bits of floats in device code.</summary>
public static class Interop
{
    public static float IntAsFloat(uint value) => BitConverter.UInt32BitsToSingle(value);

    public static uint FloatAsInt(float value) => BitConverter.SingleToUInt32Bits(value);
}
