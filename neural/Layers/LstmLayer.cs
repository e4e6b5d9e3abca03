using System.Buffers;
using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// Long short-term memory over a sequence (Hochreiter and Schmidhuber, Neural Computation 9, 1997,
/// with the forget gate of Gers et al., 2000): (i, f, g, o) = x W + h U + b, c = s(f) c + s(i)
/// tanh(g), h = s(o) tanh(c). Gives the last state h, or all of them.
/// </summary>
/// <remarks>
/// Weights W (in, 4 units), U (units, 4 units), bias b (4 units), gates in the order i, f, g, o.
/// Kept for an example and a step: the gates behind their functions (4 units), c, tanh(c) and h
/// (units each).
/// </remarks>
internal sealed class LstmLayer : Layer
{
    private const int Gates = 4;
    private const int KeptParts = 7;
    private readonly int _steps;
    private readonly int _inner;
    private readonly int _units;
    private readonly bool _givesSequence;

    /// <summary>A layer of so many units.</summary>
    public LstmLayer(TensorShape input, int units, bool givesSequence)
        : base(
            input,
            givesSequence
                ? new TensorShape(1, input.Places, units) : TensorShape.Flat(units))
    {
        _steps = input.Places;
        _inner = input.Channels;
        _units = units;
        _givesSequence = givesSequence;
        Parameters =
        [
            new("weights", ParameterRole.Weights, [_inner, Gates * units], _inner, units),
            new("recurrent", ParameterRole.Weights, [units, Gates * units], units, units),
            new("bias", ParameterRole.Bias, [Gates * units]),
        ];
    }

    /// <summary>Whether all states come out, not only the last.</summary>
    public bool GivesSequence => _givesSequence;

    /// <inheritdoc/>
    public override string Text =>
        $"lstm({LayerNames.Number(_units)}{(_givesSequence ? ", sequence" : "")})";

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters { get; }

    /// <inheritdoc/>
    public override int KeptLength => KeptParts * _steps * _units;

    /// <inheritdoc/>
    public override long MultiplyAdds => (long)Gates * _steps * _units * (_inner + _units);

    private int Wide => Gates * _units;

    private int MatrixLength => _inner * Wide;

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass)
    {
        int count = pass.Count;
        int length = count * _steps * Wide;
        float[] rented = ArrayPool<float>.Shared.Rent(length);
        Span<float> gates = rented.AsSpan(0, length);
        MatrixProduct.Compute(
            new MatrixShape(MatrixLayout.Plain, count * _steps, Wide, _inner),
            pass.Input,
            pass.Weights[..MatrixLength],
            gates,
            new ProductEpilogue { Bias = pass.Weights[^Wide..] });
        var state = new float[count * _units];
        var recurrent = new float[count * Wide];
        for (int step = 0; step < _steps; step++)
        {
            if (step > 0)
            {
                MatrixProduct.Compute(
                    new MatrixShape(MatrixLayout.Plain, count, Wide, _units),
                    state,
                    Recurrent(pass.Weights),
                    recurrent);
            }

            for (int i = 0; i < count; i++)
            {
                Span<float> own = gates.Slice(((i * _steps) + step) * Wide, Wide);
                VectorArithmetic.Add(recurrent.AsSpan(i * Wide, Wide), own);
                Span<float> kept = KeptOf(pass.Kept, i, step);
                Advance(own, step > 0 ? CellOf(KeptOf(pass.Kept, i, step - 1)) : [], kept);
                kept[^_units..].CopyTo(state.AsSpan(i * _units));
                Give(pass, i, step, kept[^_units..]);
            }
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        int count = pass.Count;
        var states = new float[count * _units];
        var cells = new float[count * _units];
        var before = new float[count * _units];
        var inner = new float[count * Wide];
        var all = new float[count * _steps * Wide];
        for (int step = _steps - 1; step >= 0; step--)
        {
            for (int i = 0; i < count; i++)
            {
                Span<float> change = states.AsSpan(i * _units, _units);
                AddGiven(pass, i, step, change);
                ReadOnlySpan<float> last =
                    step > 0 ? KeptOf(pass.Kept, i, step - 1) : default;
                if (step > 0)
                {
                    last[^_units..].CopyTo(before.AsSpan(i * _units));
                }

                Span<float> own = inner.AsSpan(i * Wide, Wide);
                Retreat(
                    KeptOf(pass.Kept, i, step),
                    step > 0 ? CellOf(last) : [],
                    change,
                    cells.AsSpan(i * _units, _units),
                    own);
                own.CopyTo(all.AsSpan(((i * _steps) + step) * Wide));
            }

            if (step == 0)
            {
                break;
            }

            MatrixProduct.Compute(
                new MatrixShape(MatrixLayout.TransposedA, _units, Wide, count),
                before,
                inner,
                pass.Gradients.Slice(MatrixLength, _units * Wide),
                new ProductEpilogue { IsAdded = true });
            MatrixProduct.Compute(
                new MatrixShape(MatrixLayout.TransposedB, count, _units, Wide),
                inner,
                Recurrent(pass.Weights),
                states);
        }

        FinishInput(pass, all);
    }

    /// <summary>The gradients of what the whole sequence goes through at once.</summary>
    private void FinishInput(in LayerPass pass, float[] all)
    {
        Activation.AddColumnSums(all, pass.Gradients[^Wide..], VectorWidths.Widest);
        MatrixProduct.Compute(
            new MatrixShape(MatrixLayout.TransposedA, _inner, Wide, pass.Count * _steps),
            pass.Input,
            all,
            pass.Gradients[..MatrixLength],
            new ProductEpilogue { IsAdded = true });
        if (!pass.InputGradient.IsEmpty)
        {
            MatrixProduct.Compute(
                new MatrixShape(MatrixLayout.TransposedB, pass.Count * _steps, _inner, Wide),
                all,
                pass.Weights[..MatrixLength],
                pass.InputGradient);
        }
    }

    /// <summary>One step: the sums of the gates become what is kept; no cell is one of 0.</summary>
    private void Advance(Span<float> sums, ReadOnlySpan<float> cell, Span<float> kept)
    {
        int n = _units;
        Activation.Forward(ActivationKind.Sigmoid, sums[..(2 * n)], kept[..(2 * n)]);
        Activation.Forward(ActivationKind.Tanh, sums.Slice(2 * n, n), kept.Slice(2 * n, n));
        Activation.Forward(ActivationKind.Sigmoid, sums[(3 * n)..], kept.Slice(3 * n, n));
        Span<float> now = kept.Slice(4 * n, n);
        for (int j = 0; j < n; j++)
        {
            float passed = cell.IsEmpty ? 0 : kept[n + j] * cell[j];
            now[j] = passed + (kept[j] * kept[(2 * n) + j]);
        }

        Span<float> squashed = kept.Slice(5 * n, n);
        Activation.Forward(ActivationKind.Tanh, now, squashed);
        for (int j = 0; j < n; j++)
        {
            kept[(6 * n) + j] = kept[(3 * n) + j] * squashed[j];
        }
    }

    /// <summary>
    /// One step back: dc becomes what of it passes f, outer the gradients of the sums.
    /// </summary>
    private void Retreat(
        ReadOnlySpan<float> kept,
        ReadOnlySpan<float> cell,
        ReadOnlySpan<float> dh,
        Span<float> dc,
        Span<float> outer)
    {
        int n = _units;
        for (int j = 0; j < n; j++)
        {
            float i = kept[j];
            float f = kept[n + j];
            float g = kept[(2 * n) + j];
            float o = kept[(3 * n) + j];
            float squashed = kept[(5 * n) + j];
            float change = dc[j] + (dh[j] * o * (1 - (squashed * squashed)));
            outer[j] = change * g * i * (1 - i);
            outer[n + j] = cell.IsEmpty ? 0 : change * cell[j] * f * (1 - f);
            outer[(2 * n) + j] = change * i * (1 - (g * g));
            outer[(3 * n) + j] = dh[j] * squashed * o * (1 - o);
            dc[j] = change * f;
        }
    }

    private void Give(in LayerPass pass, int example, int step, ReadOnlySpan<float> state)
    {
        if (_givesSequence || step == _steps - 1)
        {
            int at = _givesSequence ? (example * _steps) + step : example;
            state.CopyTo(pass.Output[(at * _units)..]);
        }
    }

    private void AddGiven(in LayerPass pass, int example, int step, Span<float> change)
    {
        if (_givesSequence || step == _steps - 1)
        {
            int at = _givesSequence ? (example * _steps) + step : example;
            VectorArithmetic.Add(pass.OutputGradient.Slice(at * _units, _units), change);
        }
    }

    private ReadOnlySpan<float> CellOf(ReadOnlySpan<float> kept) =>
        kept.Slice(4 * _units, _units);

    private Span<float> KeptOf(Span<float> kept, int example, int step) => kept.Slice(
        ((example * _steps) + step) * KeptParts * _units, KeptParts * _units);

    private ReadOnlySpan<float> Recurrent(ReadOnlySpan<float> weights) =>
        weights.Slice(MatrixLength, _units * Wide);
}
