namespace NeuroDb.Neural;

/// <summary>A constant of an ONNX graph.</summary>
/// <param name="Name">The name.</param>
/// <param name="Shape">The size of each axis; empty for a single number.</param>
/// <param name="Floats">The numbers in row order; empty if they are whole numbers.</param>
/// <param name="Numbers">The whole numbers in row order; empty if they are floats.</param>
internal sealed record OnnxTensor(
    string Name, IReadOnlyList<int> Shape, float[] Floats, long[] Numbers)
{
    /// <summary>Whether it holds floats.</summary>
    public bool IsFloat => Numbers.Length == 0;
}
