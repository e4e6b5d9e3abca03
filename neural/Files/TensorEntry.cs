namespace NeuroDb.Neural;

/// <summary>What the header of a model says about a tensor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">The size of each axis.</param>
/// <param name="Sha256">The hash of its bytes: equal tensors are stored once.</param>
internal sealed record TensorEntry(string Name, IReadOnlyList<int> Shape, string Sha256)
{
    /// <summary>How many bytes it has.</summary>
    public long SizeBytes => 4L * Tensor.LengthOf(Shape);
}
