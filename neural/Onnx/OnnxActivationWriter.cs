using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>Activations of ours as operators of ONNX.</summary>
internal static class OnnxActivationWriter
{
    /// <summary>Adds what an activation makes of a value, and gives its name.</summary>
    public static string Write(OnnxGraphWriter writer, string source, ActivationKind kind)
    {
        switch (kind)
        {
            case ActivationKind.Relu:
                return writer.Node("Relu", [source]);
            case ActivationKind.LeakyRelu:
                return writer.Node("LeakyRelu", [source], ("alpha", 0.01f));
            case ActivationKind.Sigmoid:
                return writer.Node("Sigmoid", [source]);
            case ActivationKind.Tanh:
                return writer.Node("Tanh", [source]);
            case ActivationKind.Elu:
                return writer.Node("Elu", [source], ("alpha", 1f));
            case ActivationKind.Selu:
                return writer.Node(
                    "Selu",
                    [source],
                    ("alpha", ScaledExponentialActivation.Alpha),
                    ("gamma", ScaledExponentialActivation.Scale));
            case ActivationKind.Silu:
                return writer.Node("Mul", [source, writer.Node("Sigmoid", [source])]);
            case ActivationKind.Softplus:
                return writer.Node("Softplus", [source]);
            case ActivationKind.Relu6:
                return writer.Node(
                    "Clip", [source, writer.Constant([0]), writer.Constant([6])]);
            case ActivationKind.HardSigmoid:
                return writer.Node(
                    "HardSigmoid",
                    [source],
                    ("alpha", HardSigmoidActivation.Slope),
                    ("beta", 0.5f));
            case ActivationKind.HardSwish:
                return writer.Node("HardSwish", [source]);
            default:
                return Gelu(writer, source);
        }
    }

    private static string Gelu(OnnxGraphWriter writer, string source)
    {
        string root = writer.Constant([MathF.Sqrt(0.5f)], 1);
        string error = writer.Node("Erf", [writer.Node("Mul", [source, root])]);
        string raised = writer.Node("Add", [error, writer.Constant([1], 1)]);
        string half = writer.Node("Mul", [source, writer.Constant([0.5f], 1)]);
        return writer.Node("Mul", [half, raised]);
    }
}
