using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>A theory that asks ONNX Runtime; skipped, with its reason, where it is absent.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnnxRuntimeTheoryAttribute : TheoryAttribute
{
    /// <summary>Skips where the library is not.</summary>
    public OnnxRuntimeTheoryAttribute()
    {
        if (!OnnxRuntime.Default.IsThere())
        {
            Skip = OnnxRuntimeFactAttribute.Reason;
        }
    }
}
