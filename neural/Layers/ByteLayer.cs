using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// A convolution or dense layer whose weights are bytes with a scale for each output, for
/// predictions only. Its inputs are rounded example by example, so no example changes the answer
/// of another.
/// </summary>
internal sealed class ByteLayer : Layer
{
    private const int Int8Max = 127;

    // Below these, rounding and scaling cost more than products of bytes save.
    private const int DepthMin = 192;
    private const int ColumnsMin = 64;
    private const int WeightsMin = 64 * 1024;

    private readonly ConvolutionShape _shape;
    private readonly bool _isPositive;
    private readonly bool _isRectified;
    private readonly ByteMatrix _matrix;
    private readonly float[] _scales;
    private readonly float[] _bias;

    private ByteLayer(
        Layer source,
        ConvolutionShape shape,
        bool isPositive,
        bool isRectified,
        ReadOnlySpan<float> parameters)
        : base(source.Input, source.Output)
    {
        Text = source.Text;
        MultiplyAdds = source.MultiplyAdds;
        _shape = shape;
        _isPositive = isPositive;
        _isRectified = isRectified;
        _bias = parameters[shape.WeightLength..].ToArray();
        _scales = new float[shape.OutChannels];
        for (int i = 0; i < shape.WeightLength; i++)
        {
            ref float scale = ref _scales[i % shape.OutChannels];
            scale = Math.Max(scale, Math.Abs(parameters[i]) / Int8Max);
        }

        var bytes = new sbyte[shape.WeightLength];
        for (int i = 0; i < bytes.Length; i++)
        {
            float scale = _scales[i % shape.OutChannels];
            bytes[i] = (sbyte)(scale > 0
                ? Math.Clamp(MathF.Round(parameters[i] / scale), -Int8Max, Int8Max) : 0);
        }

        _matrix = new ByteMatrix(bytes, shape.KernelLength, shape.OutChannels);
    }

    /// <inheritdoc/>
    public override string Text { get; }

    /// <inheritdoc/>
    public override long MultiplyAdds { get; }

    /// <summary>The layer on bytes; null if it would not gain by that.</summary>
    /// <param name="source">The layer.</param>
    /// <param name="isPositive">Whether none of its inputs is negative.</param>
    /// <param name="parameters">Its weights and biases.</param>
    public static ByteLayer? TryCreate(
        Layer source, bool isPositive, ReadOnlySpan<float> parameters)
    {
        (ConvolutionShape shape, bool isRectified) = source switch
        {
            ConvolutionLayer convolution => (convolution.Shape, convolution.IsRectified),
            DenseLayer dense => (ShapeOf(dense), dense.IsRectified),
            _ => default,
        };

        // Bytes save half of the multiplications, transforms of floats more.
        return shape.KernelLength is >= DepthMin and <= ByteProduct.DepthMax
            && shape.OutChannels >= ColumnsMin && shape.WeightLength >= WeightsMin
            && !WinogradConvolution.Applies(shape)
            ? new ByteLayer(source, shape, isPositive, isRectified, parameters) : null;
    }

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass) => ByteConvolution.Forward(
        _shape.Of(pass.Count),
        pass.Input,
        _isPositive,
        _matrix,
        _scales,
        _bias,
        _isRectified,
        pass.Output);

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass) =>
        Invariant.Check(false, "a layer on bytes has no way back");

    // A dense layer is a convolution of one pixel.
    private static ConvolutionShape ShapeOf(DenseLayer dense) => ConvolutionShape.Create(
        1, dense.Input.Places, dense.Input.Channels, dense.Output.Channels, 1, 1, 1, false);
}
