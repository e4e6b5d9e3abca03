using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// The scale of a target while a network learns it: numbers of deviation 1 around 0, whatever unit
/// the column has. It is put into the last layer afterwards, so that the stored network gives
/// numbers of the column.
/// </summary>
/// <param name="Mean">What targets are moved by.</param>
/// <param name="Deviation">What targets are divided by.</param>
internal readonly record struct TargetScale(double Mean, double Deviation)
{
    /// <summary>Targets as they are.</summary>
    public static TargetScale None => new(0, 1);

    /// <summary>
    /// What a loss of scaled targets is multiplied by to be one of the column; Huber's loss, which
    /// is no power, stays as it is.
    /// </summary>
    public double FactorOf(LossKind loss) => loss switch
    {
        LossKind.MeanSquared => Deviation * Deviation,
        LossKind.MeanAbsolute => Deviation,
        _ => 1,
    };

    /// <summary>Whether the last layer of a network can take up a scale.</summary>
    public static bool Fits(Network network) =>
        network.Nodes is [.., { Layer: DenseLayer { IsRectified: false } }];

    /// <summary>Whether all of some scales leave targets as they are.</summary>
    public static bool AreNone(IReadOnlyList<TargetScale> scales) =>
        scales.All(static it => it == None);

    /// <summary>
    /// A trained model as one that gives numbers of the columns, and the hash of its numbers.
    /// </summary>
    public static (Model Model, string Hash) PutInto(
        IReadOnlyList<TargetScale> scales, TrainedModel trained)
    {
        switch (trained.Model)
        {
            case NetworkModel network when !AreNone(scales):
                Memory<float> weights = PutInto(scales, network.Network, network.Weights.Span);
                return (
                    new NetworkModel(network.Network, weights, network.Loss, network.Task),
                    network.Network.HashOf(weights));
            case EnsembleModel ensemble when !AreNone(scales):
                EnsembleModel moved = ensemble.With(scales[0].Mean, scales[0].Deviation);
                return (moved, ModelTrainer.HashOf(moved));
            default:
                return (trained.Model, trained.WeightHash);
        }
    }

    /// <summary>
    /// The weights of a network that gives numbers of the columns, one scale for each output.
    /// </summary>
    public static Memory<float> PutInto(
        IReadOnlyList<TargetScale> scales, Network network, ReadOnlySpan<float> weights)
    {
        Invariant.Check(scales.Count == network.Output.Length);
        (Memory<float> copy, Memory<float> matrix, Memory<float> bias) = Last(network, weights);
        for (int i = 0; i < matrix.Length; i++)
        {
            matrix.Span[i] = (float)(matrix.Span[i] * scales[i % scales.Count].Deviation);
        }

        for (int i = 0; i < bias.Length; i++)
        {
            bias.Span[i] = (float)((bias.Span[i] * scales[i].Deviation) + scales[i].Mean);
        }

        return copy;
    }

    /// <summary>The weights of a network that gives scaled numbers.</summary>
    public static Memory<float> TakeOut(
        IReadOnlyList<TargetScale> scales, Network network, ReadOnlySpan<float> weights)
    {
        Invariant.Check(scales.Count == network.Output.Length);
        (Memory<float> copy, Memory<float> matrix, Memory<float> bias) = Last(network, weights);
        for (int i = 0; i < matrix.Length; i++)
        {
            matrix.Span[i] = (float)(matrix.Span[i] / scales[i % scales.Count].Deviation);
        }

        for (int i = 0; i < bias.Length; i++)
        {
            bias.Span[i] = (float)((bias.Span[i] - scales[i].Mean) / scales[i].Deviation);
        }

        return copy;
    }

    private static (Memory<float> All, Memory<float> Matrix, Memory<float> Bias) Last(
        Network network, ReadOnlySpan<float> weights)
    {
        Invariant.Check(Fits(network));
        Memory<float> copy = Gpu.AlignedMemory.Copy(weights);
        IReadOnlyList<Tensor> tensors = network.TensorsOf(copy);
        return (copy, tensors[^2].Data, tensors[^1].Data);
    }
}
