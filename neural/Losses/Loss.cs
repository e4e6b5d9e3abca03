namespace NeuroDb.Neural;

/// <summary>
/// A loss of a batch and its gradient. Shapes: outputs and their gradient (count, width), targets
/// (count, target width): the number of the class for cross entropy and triplets, else as many
/// numbers as outputs, whose losses are averaged.
/// </summary>
internal abstract class Loss
{
    /// <summary>Numbers of a target for so many outputs.</summary>
    public virtual int TargetWidth(int outputs) => outputs;

    /// <summary>
    /// The sum of the weighted losses; fills the gradient of that sum divided by the divisor.
    /// </summary>
    /// <param name="outputs">What the network gave.</param>
    /// <param name="targets">What it should give.</param>
    /// <param name="weights">The weight of each example, or empty.</param>
    /// <param name="width">Outputs of an example.</param>
    /// <param name="divisor">What the gradient is divided by.</param>
    /// <param name="gradient">Receives the gradient.</param>
    public abstract double Compute(
        ReadOnlySpan<float> outputs,
        ReadOnlySpan<float> targets,
        ReadOnlySpan<float> weights,
        int width,
        float divisor,
        Span<float> gradient);

    /// <summary>Outputs become what predictions show: probabilities, or themselves.</summary>
    public virtual void ToPredictions(Span<float> outputs, int width)
    {
    }

    /// <summary>The loss of a kind.</summary>
    public static Loss Create(LossKind kind, double labelSmoothing = 0) => kind switch
    {
        LossKind.CrossEntropy => new CrossEntropyLoss((float)labelSmoothing),
        LossKind.Triplet => new TripletLoss(),
        LossKind.Views => new ViewLoss(),
        _ => new PointLoss(kind),
    };
}
