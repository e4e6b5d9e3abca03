namespace NeuroDb.Neural;

/// <summary>An operator of an ONNX graph in its place.</summary>
/// <param name="Operator">The operator, as in Conv.</param>
/// <param name="Name">The name of the node, or of its first output.</param>
/// <param name="Inputs">The values that go in; an empty name is an input left out.</param>
/// <param name="Outputs">The values that come out.</param>
/// <param name="Attributes">The attributes by name.</param>
internal sealed record OnnxNode(
    string Operator,
    string Name,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Outputs,
    IReadOnlyDictionary<string, OnnxAttribute> Attributes)
{
    /// <summary>A whole number among the attributes.</summary>
    public long Number(string name, long otherwise) =>
        Attributes.TryGetValue(name, out OnnxAttribute? found) ? found.Number : otherwise;

    /// <summary>A float among the attributes.</summary>
    public float Single(string name, float otherwise) =>
        Attributes.TryGetValue(name, out OnnxAttribute? found) ? found.Single : otherwise;

    /// <summary>Whole numbers among the attributes.</summary>
    public IReadOnlyList<long> Numbers(string name) =>
        Attributes.TryGetValue(name, out OnnxAttribute? found) ? found.Numbers : [];

    /// <summary>A text among the attributes.</summary>
    public string Text(string name) =>
        Attributes.TryGetValue(name, out OnnxAttribute? found) ? found.Text : "";
}
