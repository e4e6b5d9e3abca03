namespace ILGPU.Algorithms;

/// <summary>Test stand-in: mathematical functions of device code.</summary>
public static class XMath
{
    public static double Sqrt(double value) => Math.Sqrt(value);

    public static bool IsNaN(float value) => float.IsNaN(value);

    public static float Sqrt(float value) => MathF.Sqrt(value);

    public static float Exp(float value) => MathF.Exp(value);

    public static float Log(float value) => MathF.Log(value);

    public static float Floor(float value) => MathF.Floor(value);
}
