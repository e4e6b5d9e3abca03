using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>A test that asks ONNX Runtime; skipped, with its reason, where it is absent.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnnxRuntimeFactAttribute : FactAttribute
{
    internal const string Reason = "The library of ONNX Runtime is not on this machine; set "
        + OnnxRuntime.Variable + " to it (bench/peers/install.sh brings it).";

    /// <summary>Skips where the library is not.</summary>
    public OnnxRuntimeFactAttribute()
    {
        if (!OnnxRuntime.Default.IsThere())
        {
            Skip = Reason;
        }
    }
}
