using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// The step of a small network of dense layers only, on one thread: the same arithmetic as
/// <see cref="GradientStep"/> in one method over memory that never moves, because with ten rows of
/// sixty-four numbers the calls between layers cost more than the layers.
/// </summary>
internal sealed unsafe class DenseChainStep : ITrainingStep
{
    private const int ParametersMax = 1 << 16;

    private readonly Network _network;
    private readonly Loss _loss;
    private readonly int[] _widths;
    private readonly bool[] _isRectified;
    private readonly Memory<float>[] _outputs;
    private readonly Memory<float>[] _changes;
    private readonly Memory<float> _gradients;
    private readonly int _firstTrained;
    private ReadOnlyMemory<float> _features;
    private ReadOnlyMemory<float> _targets;
    private ReadOnlyMemory<float> _rowWeights;
    private ReadOnlyMemory<float> _weights;
    private int _count;
    private double _divisor;
    private double _sum;

    private DenseChainStep(Network network, TrainingOptions options)
    {
        _network = network;
        _loss = Loss.Create(options.Loss, options.LabelSmoothing);
        _widths = [network.Input.Length, .. network.Nodes.Select(it => it.Layer.Output.Length)];
        _isRectified = [.. network.Nodes.Select(it => ((DenseLayer)it.Layer).IsRectified)];
        _outputs = [.. _widths.Skip(1).Select(
            width => AlignedMemory.Allocate<float>(width * options.BatchSize))];
        _changes = [.. _widths.Skip(1).Select(
            width => AlignedMemory.Allocate<float>(width * options.BatchSize))];
        _gradients = AlignedMemory.Allocate<float>(network.ParameterLength);
        _firstTrained = options.FirstTrainedLayer;
    }

    /// <inheritdoc/>
    public Memory<float> Gradients => _gradients;

    /// <summary>The step of a network that it serves, or null.</summary>
    public static DenseChainStep? TryCreate(Network network, TrainingOptions options) =>
        options.Threads == 1 && network.ParameterLength <= ParametersMax
            && network.Nodes.All(node => node.Layer is DenseLayer && node.Layer.Input.IsFlat)
            ? new DenseChainStep(network, options) : null;

    /// <inheritdoc/>
    public double Run(
        ReadOnlyMemory<float> features,
        ReadOnlyMemory<float> targets,
        ReadOnlyMemory<float> rowWeights,
        int count,
        double divisor,
        ReadOnlyMemory<float> weights,
        ulong seed)
    {
        _features = features;
        _targets = targets;
        _rowWeights = rowWeights;
        _weights = weights;
        _count = count;
        _divisor = divisor;
        var pass = new Pass(this);
        FloatDispatch.Run(VectorWidths.Widest, ref pass);
        return _sum;
    }

    private void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        fixed (float* features = _features.Span, weights = _weights.Span)
        {
            float* input = features;
            for (int i = 0; i < _outputs.Length; i++)
            {
                float* w = weights + _network.Nodes[i].Offset;
                float* bias = w + (_widths[i] * _widths[i + 1]);
                var operands = new MatrixOperands(input, w, Pinned(_outputs[i]), bias)
                {
                    IsRectified = _isRectified[i],
                };
                MatrixLoop<TLanes, TVector>.Run(
                    new MatrixShape(MatrixLayout.Plain, _count, _widths[i + 1], _widths[i]),
                    operands);
                input = Pinned(_outputs[i]);
            }

            int outputs = _count * _widths[^1];
            _sum = _loss.Compute(
                _outputs[^1].Span[..outputs],
                _targets.Span,
                _rowWeights.Span,
                _widths[^1],
                (float)_divisor,
                _changes[^1].Span[..outputs]);
            for (int i = _outputs.Length - 1; i >= _firstTrained; i--)
            {
                Return<TLanes, TVector>(i, features, weights);
            }
        }
    }

    /// <summary>The way back through one layer.</summary>
    private void Return<TLanes, TVector>(int layer, float* features, float* weights)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int inner = _widths[layer];
        int outer = _widths[layer + 1];
        int offset = _network.Nodes[layer].Offset;
        Span<float> change = _changes[layer].Span[..(_count * outer)];
        Span<float> bias = _gradients.Span.Slice(offset + (inner * outer), outer);
        bias.Clear();
        Span<float> output = _isRectified[layer] ? _outputs[layer].Span[..change.Length] : default;
        new ColumnSumAction(output, change, bias).Run<TLanes, TVector>();
        float* input = layer == 0 ? features : Pinned(_outputs[layer - 1]);
        float* dy = Pinned(_changes[layer]);
        MatrixLoop<TLanes, TVector>.Run(
            new MatrixShape(MatrixLayout.TransposedA, inner, outer, _count),
            new MatrixOperands(input, dy, Pinned(_gradients) + offset, null));
        if (layer > _firstTrained)
        {
            MatrixLoop<TLanes, TVector>.Run(
                new MatrixShape(MatrixLayout.TransposedB, _count, inner, outer),
                new MatrixOperands(dy, weights + offset, Pinned(_changes[layer - 1]), null));
        }
    }

    /// <summary>The address of memory that <see cref="AlignedMemory"/> gave.</summary>
    private static float* Pinned(Memory<float> memory) =>
        (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(memory.Span));

    private readonly struct Pass(DenseChainStep owner) : IFloatAction
    {
        public void Run<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => owner.Run<TLanes, TVector>();
    }
}
