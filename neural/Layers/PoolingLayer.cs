using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>The largest or mean number of each window, channel by channel.</summary>
internal sealed class PoolingLayer : Layer
{
    private readonly PoolingKind _kind;
    private readonly ConvolutionShape _shape;

    /// <summary>A layer of a shape with as many channels out as in.</summary>
    public PoolingLayer(
        TensorShape input, PoolingKind kind, ConvolutionShape shape, string text)
        : base(input, new TensorShape(shape.OutHeight, shape.OutWidth, shape.OutChannels))
    {
        _kind = kind;
        _shape = shape;
        Text = text;
    }

    /// <summary>What is taken of a window.</summary>
    public PoolingKind Kind => _kind;

    /// <summary>The sizes, for one example.</summary>
    public ConvolutionShape Shape => _shape;

    /// <inheritdoc/>
    public override string Text { get; }

    /// <inheritdoc/>
    public override int KeptByteLength => _kind == PoolingKind.Maximum ? Output.Length : 0;

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass) => Pooling.Forward(
        _kind, _shape.Of(pass.Count), pass.Input, pass.Output, Taps(pass));

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        if (!pass.InputGradient.IsEmpty)
        {
            Pooling.Backward(
                _kind,
                _shape.Of(pass.Count),
                pass.OutputGradient,
                Taps(pass),
                pass.InputGradient);
        }
    }

    private Span<byte> Taps(in LayerPass pass) =>
        pass.KeptBytes.IsEmpty ? default : pass.KeptBytes[..(pass.Count * KeptByteLength)];
}
