namespace NeuroDb.Neural;

/// <summary>An input or output of an ONNX graph as its file declares it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Element">What it holds.</param>
/// <param name="Shape">The size of each axis; -1 where any size will do.</param>
internal sealed record OnnxValue(string Name, OnnxElement Element, IReadOnlyList<long> Shape);
