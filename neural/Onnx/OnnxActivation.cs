namespace NeuroDb.Neural;

/// <summary>Functions of single numbers in ONNX graphs as activations of ours.</summary>
internal static class OnnxActivation
{
    private const float Tolerance = 1e-6f;

    /// <summary>The activation that an operator is; null if it is none of ours.</summary>
    public static OnnxStep? TryTake(OnnxNode node, OnnxSizes sizes, OnnxStep step)
    {
        string? name = node.Operator switch
        {
            "Relu" => "relu",
            "Tanh" => "tanh",
            "LeakyRelu" when Is(node, "alpha", 0.01f, 0.01f) => "leaky_relu",
            "Gelu" when node.Text("approximate") is "" or "none" => "gelu",
            "Elu" when Is(node, "alpha", 1, 1) => "elu",
            "Selu" when Is(node, "alpha", 1.67326324f, 1.67326324f)
                && Is(node, "gamma", 1.05070098f, 1.05070098f) => "selu",
            "Softplus" => "softplus",
            "HardSigmoid" when Is(node, "alpha", 0.2f, 1f / 6)
                && Is(node, "beta", 0.5f, 0.5f) => "hard_sigmoid",
            "HardSwish" => "hard_swish",
            "Clip" when Bound(node, sizes, 1, "min") == 0
                && Bound(node, sizes, 2, "max") == 6 => "relu6",
            _ => null,
        };
        return name is null ? null : step.Then(name, step.Shape);
    }

    /// <summary>x times a sigmoid of x; null if a product is none.</summary>
    public static OnnxStep? TryJoin(OnnxStep first, OnnxStep second)
    {
        if (ReferenceEquals(second.Parent, first))
        {
            return Gated(first, second.Text);
        }

        return ReferenceEquals(first.Parent, second) ? Gated(second, first.Text) : null;
    }

    private static OnnxStep? Gated(OnnxStep step, string gate) => gate switch
    {
        "sigmoid" => step.Then("silu", step.Shape),
        "hard_sigmoid" => step.Then("hard_swish", step.Shape),
        _ => null,
    };

    private static bool Is(OnnxNode node, string name, float otherwise, float wanted) =>
        Math.Abs(node.Single(name, otherwise) - wanted) < Tolerance;

    private static float Bound(OnnxNode node, OnnxSizes sizes, int input, string name) =>
        sizes.NumberOf(node, input) ?? node.Single(name, float.NaN);
}
