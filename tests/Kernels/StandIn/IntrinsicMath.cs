namespace ILGPU;

/// <summary>Test stand-in: arithmetic of device code.</summary>
public static class IntrinsicMath
{
    public static float Abs(float value) => MathF.Abs(value);

    public static int Abs(int value) => Math.Abs(value);

    public static int PopCount(uint value) => System.Numerics.BitOperations.PopCount(value);

    public static float Min(float first, float second) => Math.Min(first, second);

    public static long Min(long first, long second) => Math.Min(first, second);

    public static float Max(float first, float second) => Math.Max(first, second);
}
