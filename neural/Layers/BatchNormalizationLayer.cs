using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// Every channel normalised over the batch and all places while training, by running means
/// otherwise. What a batch showed stands where the gradients of the running means would be.
/// </summary>
internal sealed class BatchNormalizationLayer : Layer
{
    private readonly int _channels;

    /// <summary>A layer over the channels.</summary>
    public BatchNormalizationLayer(TensorShape input)
        : base(input, input)
    {
        _channels = input.Channels;
        Parameters =
        [
            new("gain", ParameterRole.Gain, [_channels]),
            new("bias", ParameterRole.Bias, [_channels]),
            new("mean", ParameterRole.RunningMean, [_channels]),
            new("variance", ParameterRole.RunningVariance, [_channels]),
        ];
    }

    /// <inheritdoc/>
    public override string Text => "batch_norm";

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters { get; }

    /// <inheritdoc/>
    public override int KeptLength => 2 * _channels;

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass)
    {
        ReadOnlySpan<float> mean = Part(pass.Weights, 2);
        ReadOnlySpan<float> variance = Part(pass.Weights, 3);
        if (pass.IsTraining)
        {
            Span<float> moments = pass.Kept[..(2 * _channels)];
            BatchNormalization.Moments(
                pass.Input, moments[.._channels], moments[_channels..], VectorWidths.Widest);
            mean = moments[.._channels];
            variance = moments[_channels..];
        }

        BatchNormalization.Apply(
            pass.Input,
            mean,
            variance,
            Part(pass.Weights, 0),
            Part(pass.Weights, 1),
            pass.Output,
            VectorWidths.Widest);
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        if (!pass.IsTraining)
        {
            GoBackThroughRunning(pass);
            return;
        }

        Span<float> mean = pass.Kept[.._channels];
        Span<float> variance = pass.Kept.Slice(_channels, _channels);
        float[] unused = pass.InputGradient.IsEmpty ? new float[pass.Input.Length] : [];
        BatchNormalization.Backward(
            pass.Input,
            mean,
            variance,
            Part(pass.Weights, 0),
            pass.OutputGradient,
            pass.InputGradient.IsEmpty ? unused : pass.InputGradient,
            pass.Gradients[.._channels],
            pass.Gradients.Slice(_channels, _channels),
            VectorWidths.Widest);

        // The running variance is that of a sample: it divides by one less.
        float rows = (float)pass.Count * Input.Places;
        float correction = rows > 1 ? rows / (rows - 1) : 1;
        for (int c = 0; c < _channels; c++)
        {
            pass.Gradients[(2 * _channels) + c] += mean[c];
            pass.Gradients[(3 * _channels) + c] += variance[c] * correction;
        }
    }

    // With running moments the layer is a line for each channel; its parameters do not train.
    private void GoBackThroughRunning(in LayerPass pass)
    {
        ReadOnlySpan<float> gain = Part(pass.Weights, 0);
        ReadOnlySpan<float> variance = Part(pass.Weights, 3);
        for (int i = 0; i < pass.InputGradient.Length; i++)
        {
            int c = i % _channels;
            pass.InputGradient[i] = pass.OutputGradient[i] * gain[c]
                / MathF.Sqrt(variance[c] + BatchNormalization.Epsilon);
        }
    }

    private ReadOnlySpan<float> Part(ReadOnlySpan<float> weights, int part) =>
        weights.Slice(part * _channels, _channels);
}
