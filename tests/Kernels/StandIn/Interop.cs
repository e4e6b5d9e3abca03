namespace ILGPU;

/// <summary>Test stand-in: the bits of floats in device code.</summary>
public static class Interop
{
    public static float IntAsFloat(int value) => BitConverter.Int32BitsToSingle(value);

    public static int FloatAsInt(float value) => BitConverter.SingleToInt32Bits(value);
}
