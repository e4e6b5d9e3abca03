namespace NeuroDb.Neural;

/// <summary>
/// A layer in its place: where its inputs come from and where its parameters lie.
/// </summary>
/// <param name="Layer">The layer.</param>
/// <param name="Input">The node whose output goes in; -1 is the input of the network.</param>
/// <param name="SecondInput">The node of the second input, where the layer has two.</param>
/// <param name="Offset">Where its parameters begin among those of the network.</param>
internal sealed record NetworkNode(Layer Layer, int Input, int SecondInput, int Offset)
{
    /// <summary>How many numbers its parameters have.</summary>
    public int Length { get; } = Layer.Parameters.Sum(parameter => parameter.Length);
}
