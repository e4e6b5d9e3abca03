using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>A training that goes on where a version ended.</summary>
/// <param name="Version">The version.</param>
/// <param name="FrozenLayers">How many of its first layers keep their weights.</param>
internal sealed record WarmStart(ModelVersion Version, int FrozenLayers)
{
    /// <summary>The options with the numbers to begin with.</summary>
    /// <param name="options">The options.</param>
    /// <param name="recipe">What is trained.</param>
    /// <param name="shape">The features of a row.</param>
    /// <param name="outputs">The outputs.</param>
    /// <param name="scales">The scales that targets have while training.</param>
    public TrainingOptions Apply(
        TrainingOptions options,
        Recipe recipe,
        TensorShape shape,
        int outputs,
        IReadOnlyList<TargetScale> scales)
    {
        (ReadOnlyMemory<float> weights, int layers) = Version.Model switch
        {
            NetworkModel network when recipe.IsNetwork
                && recipe.ToNetwork(shape, outputs).Text == network.Network.Text =>
                (TargetScale.AreNone(scales)
                    ? network.Weights
                    : TargetScale.TakeOut(scales, network.Network, network.Weights.Span),
                    network.Network.Nodes.Count),
            EncoderModel encoder when recipe.IsNetworkEncoder
                && EncoderTrainer.LayersOf(recipe, shape)
                    == EncoderModel.Split(encoder.Architecture) =>
                (encoder.Whole.Weights, encoder.Whole.Network.Nodes.Count),
            BagModel bag when recipe.IsTextEmbedder
                && bag.Architecture == EmbedderTrainer.ArchitectureOf(recipe) => (bag.Rows, 0),
            _ => throw NeuralErrors.InvalidModel(
                "WARM START needs a network of the same layers as the live version has, or an "
                + "embedder of the same kind and length."),
        };
        if (FrozenLayers > 0 && FrozenLayers >= layers)
        {
            throw NeuralErrors.InvalidModel(
                $"The network has {layers} layers; FREEZE must leave one to train.");
        }

        if (options.PrivateEpsilon > 0 && Version.Facts.PrivateDelta == 0)
        {
            throw NeuralErrors.InvalidModel(
                "The weights of the live version were learned without dp_epsilon, so nothing that "
                + "begins with them is private; leave WARM START out.");
        }

        return options with
        {
            InitialWeights = Gpu.AlignedMemory.Copy(weights.Span),
            FirstTrainedLayer = FrozenLayers,
        };
    }
}
