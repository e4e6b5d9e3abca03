namespace NeuroDb.Neural;

/// <summary>
/// Some of the outputs of a model, as a model of one target. It is a view: it is never stored.
/// </summary>
internal sealed class SliceModel(Model whole, int offset, int width) : Model
{
    /// <inheritdoc/>
    public override string Kind => whole.Kind;

    /// <inheritdoc/>
    public override string Architecture => whole.Architecture;

    /// <inheritdoc/>
    public override ModelTask Task => whole.Task;

    /// <inheritdoc/>
    public override int FeatureCount => whole.FeatureCount;

    /// <inheritdoc/>
    public override int OutputCount => width;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Tensors => whole.Tensors;

    /// <inheritdoc/>
    public override long FlopPerRow => whole.FlopPerRow;

    /// <inheritdoc/>
    public override IReadOnlyList<double> Importance => whole.Importance;

    /// <inheritdoc/>
    public override void Predict(ReadOnlyMemory<float> features, int count, Span<float> outputs)
    {
        var all = new float[count * whole.OutputCount];
        whole.Predict(features, count, all);
        for (int row = 0; row < count; row++)
        {
            all.AsSpan((row * whole.OutputCount) + offset, width)
                .CopyTo(outputs[(row * width)..]);
        }
    }
}
