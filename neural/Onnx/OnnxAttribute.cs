namespace NeuroDb.Neural;

/// <summary>An attribute of an ONNX node; which member counts follows from its use.</summary>
internal sealed record OnnxAttribute
{
    /// <summary>The float.</summary>
    public float Single { get; init; }

    /// <summary>The whole number.</summary>
    public long Number { get; init; }

    /// <summary>The text.</summary>
    public string Text { get; init; } = "";

    /// <summary>The whole numbers.</summary>
    public IReadOnlyList<long> Numbers { get; init; } = [];

    /// <summary>The tensor, or null.</summary>
    public OnnxTensor? Tensor { get; init; }
}
