namespace NeuroDb.Neural;

/// <summary>The loss of a batch and its gradient.</summary>
internal interface ITrainingStep
{
    /// <summary>The gradient of the last batch, of the network's parameter length.</summary>
    Memory<float> Gradients { get; }

    /// <summary>The sum of the weighted losses of a batch; fills the gradient.</summary>
    /// <param name="features">(count, input).</param>
    /// <param name="targets">(count, targets).</param>
    /// <param name="rowWeights">The weight of each example, or empty.</param>
    /// <param name="count">Examples.</param>
    /// <param name="divisor">The sum of the weights of all examples.</param>
    /// <param name="weights">The parameters.</param>
    /// <param name="seed">Where the randomness of this step begins.</param>
    double Run(
        ReadOnlyMemory<float> features,
        ReadOnlyMemory<float> targets,
        ReadOnlyMemory<float> rowWeights,
        int count,
        double divisor,
        ReadOnlyMemory<float> weights,
        ulong seed);
}
