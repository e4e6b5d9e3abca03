namespace NeuroDb.Neural;

/// <summary>
/// A vector for each node of a graph. Which node has which number is what the labels of its
/// package say. Immutable.
/// </summary>
/// <remarks>Tensors: nodes (nodes, dimension), weights (nodes).</remarks>
internal sealed class NodeModel : Model
{
    /// <summary>The kind of a model file.</summary>
    public const string NodeKind = "nodes";

    private readonly Tensor _nodes;
    private readonly Tensor _weights;

    /// <summary>A model of vectors.</summary>
    /// <param name="architecture">How it was trained.</param>
    /// <param name="nodes">(nodes, dimension).</param>
    /// <param name="weights">The weight of the edges at each node.</param>
    public NodeModel(string architecture, Tensor nodes, Tensor weights)
    {
        Architecture = architecture;
        _nodes = nodes;
        _weights = weights;
        OutputCount = nodes.Shape[1];
    }

    /// <summary>How many nodes there are.</summary>
    public int NodeCount => _nodes.Shape[0];

    /// <inheritdoc/>
    public override string Kind => NodeKind;

    /// <inheritdoc/>
    public override string Architecture { get; }

    /// <inheritdoc/>
    public override ModelTask Task => ModelTask.GraphEmbedding;

    /// <summary>The number of the node.</summary>
    public override int FeatureCount => 1;

    /// <inheritdoc/>
    public override int OutputCount { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Tensors => [_nodes, _weights];

    /// <inheritdoc/>
    public override long FlopPerRow => OutputCount;

    /// <summary>The model whose <see cref="Tensors"/> these are.</summary>
    public static NodeModel FromTensors(
        string architecture, IReadOnlyDictionary<string, Tensor> tensors)
    {
        Tensor nodes = tensors["nodes"];
        Tensor weights = tensors["weights"];
        return nodes.Shape is [var count, > 0 and <= Limits.VectorDimensionMax]
            && weights.Shape is [var weighed] && weighed == count
            ? new NodeModel(architecture, nodes, weights)
            : throw NeuralErrors.MalformedModel("the vectors of its nodes do not fit");
    }

    /// <summary>The vector of a node.</summary>
    public ReadOnlyMemory<float> VectorOf(int node) =>
        _nodes.Data.Slice(node * OutputCount, OutputCount);

    /// <summary>The weight of the edges at a node when it was trained.</summary>
    public double WeightOf(int node) => _weights.Data.Span[node];

    /// <summary>The vectors of numbers; zeros for one that is no node.</summary>
    public override void Predict(
        ReadOnlyMemory<float> features, int count, Span<float> outputs)
    {
        for (int i = 0; i < count; i++)
        {
            Span<float> output = outputs.Slice(i * OutputCount, OutputCount);
            int node = (int)features.Span[i];
            if (node >= 0 && node < NodeCount)
            {
                VectorOf(node).Span.CopyTo(output);
            }
            else
            {
                output.Clear();
            }
        }
    }
}
