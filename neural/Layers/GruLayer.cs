using System.Buffers;
using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// Gated recurrent units over a sequence (Cho et al., EMNLP 2014), with the reset gate behind the
/// recurrent product: r = s(x Wr + br + h Ur + cr), z = s(x Wz + bz + h Uz + cz), n = tanh(x Wn +
/// bn + r (h Un + cn)), h = (1 - z) n + z h. Gives the last state, or all of them.
/// </summary>
/// <remarks>
/// Weights W (in, 3 units), U (units, 3 units), biases b and c (3 units), gates in the order r, z,
/// n. Kept for an example: the gates (steps, 3 units) and h Un + cn (steps, units), then the
/// states (steps, units).
/// </remarks>
internal sealed class GruLayer : Layer
{
    private readonly int _steps;
    private readonly int _inner;
    private readonly int _units;
    private readonly bool _givesSequence;

    /// <summary>A layer of so many units.</summary>
    public GruLayer(TensorShape input, int units, bool givesSequence)
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
            new("weights", ParameterRole.Weights, [_inner, 3 * units], _inner, units),
            new("recurrent", ParameterRole.Weights, [units, 3 * units], units, units),
            new("bias", ParameterRole.Bias, [3 * units]),
            new("recurrent_bias", ParameterRole.Bias, [3 * units]),
        ];
    }

    /// <summary>Whether all states come out, not only the last.</summary>
    public bool GivesSequence => _givesSequence;

    /// <inheritdoc/>
    public override string Text =>
        $"gru({LayerNames.Number(_units)}{(_givesSequence ? ", sequence" : "")})";

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters { get; }

    /// <inheritdoc/>
    public override int KeptLength => 5 * _steps * _units;

    /// <inheritdoc/>
    public override long MultiplyAdds => 3L * _steps * _units * (_inner + _units);

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass)
    {
        int wide = 3 * _units;
        int count = pass.Count;
        float[] rented = ArrayPool<float>.Shared.Rent(count * _steps * wide);
        Span<float> gates = rented.AsSpan(0, count * _steps * wide);
        MatrixProduct.Compute(
            new MatrixShape(MatrixLayout.Plain, count * _steps, wide, _inner),
            pass.Input,
            pass.Weights[..(_inner * wide)],
            gates,
            new ProductEpilogue { Bias = Biases(pass.Weights, 0) });
        var state = new float[count * _units];
        var recurrent = new float[count * wide];
        for (int step = 0; step < _steps; step++)
        {
            MatrixProduct.Compute(
                new MatrixShape(MatrixLayout.Plain, count, wide, _units),
                state,
                Recurrent(pass.Weights),
                recurrent,
                new ProductEpilogue { Bias = Biases(pass.Weights, 1) });
            for (int i = 0; i < count; i++)
            {
                Advance(
                    gates.Slice(((i * _steps) + step) * wide, wide),
                    recurrent.AsSpan(i * wide, wide),
                    state.AsSpan(i * _units, _units),
                    KeptOf(pass.Kept, i, step));
            }

            Give(pass, state, step);
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        int wide = 3 * _units;
        int count = pass.Count;
        var carried = new float[count * _units];
        var before = new float[count * _units];
        var inner = new float[count * wide];
        var all = new float[count * _steps * wide];
        int matrix = _inner * wide;
        for (int step = _steps - 1; step >= 0; step--)
        {
            for (int i = 0; i < count; i++)
            {
                Span<float> change = carried.AsSpan(i * _units, _units);
                AddGiven(pass, i, step, change);
                before.AsSpan(i * _units, _units).Clear();
                if (step > 0)
                {
                    KeptOf(pass.Kept, i, step - 1)[(4 * _units)..]
                        .CopyTo(before.AsSpan(i * _units));
                }

                Retreat(
                    KeptOf(pass.Kept, i, step),
                    before.AsSpan(i * _units, _units),
                    change,
                    all.AsSpan(((i * _steps) + step) * wide, wide),
                    inner.AsSpan(i * wide, wide));
            }

            MatrixProduct.Compute(
                new MatrixShape(MatrixLayout.TransposedA, _units, wide, count),
                before,
                inner,
                pass.Gradients.Slice(matrix, _units * wide),
                new ProductEpilogue { IsAdded = true });
            Activation.AddColumnSums(
                inner, pass.Gradients[(matrix + ((_units + 1) * wide))..], VectorWidths.Widest);
            MatrixProduct.Compute(
                new MatrixShape(MatrixLayout.TransposedB, count, _units, wide),
                inner,
                Recurrent(pass.Weights),
                carried,
                new ProductEpilogue { IsAdded = true });
        }

        FinishInput(pass, all);
    }

    /// <summary>The gradients of what the whole sequence goes through at once.</summary>
    private void FinishInput(in LayerPass pass, float[] all)
    {
        int wide = 3 * _units;
        int matrix = _inner * wide;
        Activation.AddColumnSums(
            all, pass.Gradients.Slice(matrix + (_units * wide), wide), VectorWidths.Widest);
        MatrixProduct.Compute(
            new MatrixShape(MatrixLayout.TransposedA, _inner, wide, pass.Count * _steps),
            pass.Input,
            all,
            pass.Gradients[..matrix],
            new ProductEpilogue { IsAdded = true });
        if (!pass.InputGradient.IsEmpty)
        {
            MatrixProduct.Compute(
                new MatrixShape(MatrixLayout.TransposedB, pass.Count * _steps, _inner, wide),
                all,
                pass.Weights[..matrix],
                pass.InputGradient);
        }
    }

    private void Advance(
        Span<float> gates, Span<float> recurrent, Span<float> state, Span<float> kept)
    {
        int n = _units;
        Span<float> sums = kept[..(2 * n)];
        gates[..(2 * n)].CopyTo(sums);
        VectorArithmetic.Add(recurrent[..(2 * n)], sums);
        Activation.Forward(ActivationKind.Sigmoid, sums, sums);
        Span<float> candidate = kept.Slice(2 * n, n);
        for (int j = 0; j < n; j++)
        {
            candidate[j] = gates[(2 * n) + j] + (kept[j] * recurrent[(2 * n) + j]);
        }

        Activation.Forward(ActivationKind.Tanh, candidate, candidate);
        recurrent[(2 * n)..].CopyTo(kept[(3 * n)..]);
        for (int j = 0; j < n; j++)
        {
            float z = kept[n + j];
            state[j] = ((1 - z) * candidate[j]) + (z * state[j]);
        }

        state.CopyTo(kept[(4 * n)..]);
    }

    /// <summary>One step back: dh becomes what of it passes z, outer and inner the gates.</summary>
    private void Retreat(
        ReadOnlySpan<float> kept,
        ReadOnlySpan<float> before,
        Span<float> dh,
        Span<float> outer,
        Span<float> inner)
    {
        int n = _units;
        for (int j = 0; j < n; j++)
        {
            float r = kept[j];
            float z = kept[n + j];
            float candidate = kept[(2 * n) + j];
            float dn = dh[j] * (1 - z) * (1 - (candidate * candidate));
            outer[(2 * n) + j] = dn;
            inner[(2 * n) + j] = dn * r;
            outer[j] = dn * kept[(3 * n) + j] * r * (1 - r);
            inner[j] = outer[j];
            outer[n + j] = dh[j] * (before[j] - candidate) * z * (1 - z);
            inner[n + j] = outer[n + j];
            dh[j] *= z;
        }
    }

    private void Give(in LayerPass pass, float[] state, int step)
    {
        if (!_givesSequence && step < _steps - 1)
        {
            return;
        }

        for (int i = 0; i < pass.Count; i++)
        {
            int at = _givesSequence ? ((i * _steps) + step) * _units : i * _units;
            state.AsSpan(i * _units, _units).CopyTo(pass.Output[at..]);
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

    private Span<float> KeptOf(Span<float> kept, int example, int step) =>
        kept.Slice(((example * _steps) + step) * 5 * _units, 5 * _units);

    private ReadOnlySpan<float> Recurrent(ReadOnlySpan<float> weights) =>
        weights.Slice(_inner * 3 * _units, 3 * _units * _units);

    private ReadOnlySpan<float> Biases(ReadOnlySpan<float> weights, int which) =>
        weights.Slice((_inner + _units + which) * 3 * _units, 3 * _units);
}
