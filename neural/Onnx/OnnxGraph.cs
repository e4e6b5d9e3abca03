namespace NeuroDb.Neural;

/// <summary>What an ONNX file holds, checked but not understood yet.</summary>
internal sealed class OnnxGraph
{
    /// <summary>The operators, each behind those that it reads.</summary>
    public List<OnnxNode> Nodes { get; } = [];

    /// <summary>The constants by name.</summary>
    public Dictionary<string, OnnxTensor> Constants { get; } = [];

    /// <summary>
    /// The inputs that are no constants, with their sizes; -1 where any size will do.
    /// </summary>
    public List<OnnxValue> Inputs { get; } = [];

    /// <summary>The names of the outputs.</summary>
    public List<string> Outputs { get; } = [];

    /// <summary>What the maker of the file noted, by name.</summary>
    public Dictionary<string, string> Notes { get; } = [];

    /// <summary>The version of the operators.</summary>
    public long OperatorVersion { get; set; }
}
