namespace ILGPU;

/// <summary>Test stand-in: arithmetic of device code.</summary>
public static class IntrinsicMath
{
    public static float Abs(float value) => MathF.Abs(value);
}
