namespace NeuroDb.Neural;

/// <summary>One parameter of a layer.</summary>
/// <param name="Name">The name within the layer.</param>
/// <param name="Role">How it begins and changes.</param>
/// <param name="Shape">The size of each axis.</param>
/// <param name="FanIn">Terms of a sum over it.</param>
/// <param name="FanOut">Sums that one input takes part in.</param>
internal sealed record ParameterSpec(
    string Name, ParameterRole Role, IReadOnlyList<int> Shape, int FanIn = 1, int FanOut = 1)
{
    /// <summary>How many numbers it has.</summary>
    public int Length { get; } = Tensor.LengthOf(Shape);
}
