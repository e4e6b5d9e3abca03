using System.Numerics;
using System.Runtime.InteropServices;
using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// The step of one wide dense layer over rows that are mostly zeros, such as texts as places of
/// words: y = b + sum of x_i W_i over the features that are not 0, and the gradient of those alone.
/// A batch that is dense goes to the usual step. Examples that are held by those features are taken
/// as they are (<see cref="Take"/>), and never spread out.
/// </summary>
internal sealed class SparseLinearStep : ITrainingStep
{
    private const int FeaturesMin = 4096;
    private const int DenseShare = 16;

    private readonly int _inputs;
    private readonly int _outputs;
    private readonly Loss _loss;
    private readonly Func<ITrainingStep> _makeDense;
    private readonly Memory<float> _gradients;
    private readonly List<(int Place, float Value)> _entries = [];
    private readonly int[] _ends;
    private readonly float[] _said;
    private readonly float[] _errors;
    private ITrainingStep? _dense;
    private bool _wasDense;
    private bool _isTaken;

    private SparseLinearStep(
        Network network, Loss loss, int batchSize, Func<ITrainingStep> makeDense)
    {
        _inputs = network.Input.Length;
        _outputs = network.Output.Length;
        _loss = loss;
        _makeDense = makeDense;
        _gradients = AlignedMemory.Allocate<float>(network.ParameterLength);
        _ends = new int[batchSize];
        _said = new float[batchSize * _outputs];
        _errors = new float[batchSize * _outputs];
    }

    /// <inheritdoc/>
    public Memory<float> Gradients => _wasDense ? _dense!.Gradients : _gradients;

    /// <summary>The step of a network, or null if it is not of this kind.</summary>
    /// <param name="network">The network.</param>
    /// <param name="loss">Its loss.</param>
    /// <param name="batchSize">The most examples of a batch.</param>
    /// <param name="makeDense">Makes the step for batches that are not sparse.</param>
    public static SparseLinearStep? TryCreate(
        Network network, Loss loss, int batchSize, Func<ITrainingStep> makeDense) =>
        network.Nodes is [{ Layer: DenseLayer { IsRectified: false }, Offset: 0 }]
            && network.Input.IsFlat && network.Input.Length >= FeaturesMin
            ? new SparseLinearStep(network, loss, batchSize, makeDense)
            : null;

    /// <summary>
    /// Takes the examples of the next batch, for the next <see cref="Run"/> or <see cref="Say"/>.
    /// </summary>
    /// <returns>How many there were; 0 at the end of the pass.</returns>
    public int Take(SparseReader reader, Span<float> targets)
    {
        _entries.Clear();
        _isTaken = true;
        return reader.Read(_entries, _ends, targets);
    }

    /// <summary>The outputs for the examples that were taken, before a softmax.</summary>
    public ReadOnlySpan<float> Say(ReadOnlySpan<float> weights, int count)
    {
        Forward(weights, count);
        return _said.AsSpan(0, count * _outputs);
    }

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
        _wasDense = !_isTaken && !TryGather(features.Span, count);
        _isTaken = false;
        if (_wasDense)
        {
            _dense ??= _makeDense();
            return _dense.Run(features, targets, rowWeights, count, divisor, weights, seed);
        }

        Forward(weights.Span, count);
        double loss = _loss.Compute(
            _said.AsSpan(0, count * _outputs),
            targets.Span[..(count * _loss.TargetWidth(_outputs))],
            rowWeights.IsEmpty ? default : rowWeights.Span[..count],
            _outputs,
            (float)divisor,
            _errors.AsSpan(0, count * _outputs));
        Backward(count);
        return loss;
    }

    private bool TryGather(ReadOnlySpan<float> features, int count)
    {
        int most = (int)((long)_inputs * count / DenseShare);
        _entries.Clear();
        for (int row = 0; row < count; row++)
        {
            Gather(features.Slice(row * _inputs, _inputs));
            _ends[row] = _entries.Count;
            if (_entries.Count > most)
            {
                return false;
            }
        }

        return true;
    }

    private void Gather(ReadOnlySpan<float> row)
    {
        int width = Vector<float>.Count;
        for (int at = 0; at < row.Length; at += width)
        {
            int end = Math.Min(at + width, row.Length);
            if (end - at == width
                && Vector.EqualsAll(new Vector<float>(row[at..]), Vector<float>.Zero))
            {
                continue;
            }

            for (int i = at; i < end; i++)
            {
                if (row[i] != 0)
                {
                    _entries.Add((i, row[i]));
                }
            }
        }
    }

    private void Forward(ReadOnlySpan<float> weights, int count)
    {
        ReadOnlySpan<(int Place, float Value)> entries = CollectionsMarshal.AsSpan(_entries);
        ReadOnlySpan<float> bias = weights.Slice(_inputs * _outputs, _outputs);
        for (int row = 0, i = 0; row < count; row++)
        {
            Span<float> said = _said.AsSpan(row * _outputs, _outputs);
            bias.CopyTo(said);
            for (; i < _ends[row]; i++)
            {
                ReadOnlySpan<float> own = weights.Slice(entries[i].Place * _outputs, _outputs);
                for (int output = 0; output < said.Length; output++)
                {
                    said[output] += entries[i].Value * own[output];
                }
            }
        }
    }

    private void Backward(int count)
    {
        ReadOnlySpan<(int Place, float Value)> entries = CollectionsMarshal.AsSpan(_entries);
        Span<float> gradients = _gradients.Span;
        gradients.Clear();
        Span<float> bias = gradients.Slice(_inputs * _outputs, _outputs);
        for (int row = 0, i = 0; row < count; row++)
        {
            ReadOnlySpan<float> errors = _errors.AsSpan(row * _outputs, _outputs);
            VectorArithmetic.Add(errors, bias);
            for (; i < _ends[row]; i++)
            {
                Span<float> own = gradients.Slice(entries[i].Place * _outputs, _outputs);
                for (int output = 0; output < errors.Length; output++)
                {
                    own[output] += entries[i].Value * errors[output];
                }
            }
        }
    }
}
