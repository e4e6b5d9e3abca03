namespace NeuroDb.Neural;

/// <summary>An axis of a value of an ONNX graph, or a part of one.</summary>
/// <param name="Kind">What it counts.</param>
/// <param name="Size">How many there are.</param>
/// <param name="Stride">How far apart they are among all of their kind.</param>
internal readonly record struct OnnxAxis(OnnxAxisKind Kind, long Size, long Stride);
