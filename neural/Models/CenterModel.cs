using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// The centers that k-means found. A row gives the number of the nearest one and the squared
/// distance to it.
/// </summary>
internal sealed class CenterModel : Model
{
    private readonly CentroidSet _centers;
    private readonly Tensor _tensor;

    /// <summary>A model of centers (k, features).</summary>
    public CenterModel(Memory<float> centers, int featureCount)
    {
        FeatureCount = featureCount;
        _centers = new CentroidSet(centers.ToArray(), featureCount);
        _tensor = new Tensor("centers", [centers.Length / featureCount, featureCount], centers);
    }

    /// <inheritdoc/>
    public override string Kind => "centers";

    /// <inheritdoc/>
    public override string Architecture => $"kmeans({LayerNames.Number(_tensor.Shape[0])})";

    /// <inheritdoc/>
    public override ModelTask Task => ModelTask.Cluster;

    /// <inheritdoc/>
    public override int FeatureCount { get; }

    /// <inheritdoc/>
    public override int OutputCount => 2;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Tensors => [_tensor];

    /// <inheritdoc/>
    public override long FlopPerRow => 2L * _tensor.Data.Length;

    /// <inheritdoc/>
    public override void Predict(ReadOnlyMemory<float> features, int count, Span<float> outputs)
    {
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> row = features.Span.Slice(i * FeatureCount, FeatureCount);
            outputs[2 * i] = NearestCentroid.FindScalar(row, _centers, out float distance);
            outputs[(2 * i) + 1] = distance;
        }
    }
}
