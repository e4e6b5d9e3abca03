namespace NeuroDb.Neural;

/// <summary>
/// The part of a model that turns a row into a vector: all of an embedder; of any other network
/// the layers before its last one with parameters, whose output is what the last one decides by
/// (Donahue et al., "DeCAF", ICML 2014, section 3).
/// </summary>
internal static class EmbeddingModel
{
    /// <summary>The part that gives vectors; null if the model has none.</summary>
    public static Model? Of(Model model) => model switch
    {
        { Task: ModelTask.Embedder or ModelTask.GraphEmbedding } => model,
        NetworkModel network => Cut(network),
        QuantizedNetworkModel quantized => Cut(quantized.Restored),
        _ => null,
    };

    /// <summary>The length of the vectors; 0 if the model gives none.</summary>
    public static int LengthOf(Model model)
    {
        int length = model switch
        {
            { Task: ModelTask.Embedder or ModelTask.GraphEmbedding } => model.OutputCount,
            NetworkModel network => LengthOf(network.Network),
            QuantizedNetworkModel quantized => LengthOf(quantized.Restored.Network),
            _ => 0,
        };
        return length <= Limits.VectorDimensionMax ? length : 0;
    }

    private static int LengthOf(Network network) =>
        LastHidden(network) is int last and >= 0 ? network.Nodes[last].Layer.Output.Length : 0;

    private static NetworkModel? Cut(NetworkModel model)
    {
        if (LengthOf(model.Network) is not (> 0 and <= Limits.VectorDimensionMax))
        {
            return null;
        }

        int last = LastHidden(model.Network);
        var network = new Network(
            model.Network.Input,
            model.Network.Text,
            [.. model.Network.Nodes.Take(last + 1)
                .Select(static node => (node.Layer, node.Input, node.SecondInput))]);

        // The mean squared error shows outputs as they are.
        return new NetworkModel(
            network,
            model.Weights[..network.ParameterLength],
            LossKind.MeanSquared,
            ModelTask.Embedder);
    }

    /// <summary>
    /// The node before the last one with parameters; -1 if there is none, or if the end of the
    /// network is no single path.
    /// </summary>
    private static int LastHidden(Network network)
    {
        for (int i = network.Nodes.Count - 1; i >= 0; i--)
        {
            NetworkNode node = network.Nodes[i];
            if (node.Layer.HasTwoInputs)
            {
                return -1;
            }

            if (node.Layer.Parameters.Count > 0)
            {
                return node.Input;
            }

            if (node.Input != i - 1)
            {
                return -1;
            }
        }

        return -1;
    }
}
