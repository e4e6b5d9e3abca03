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
internal sealed class GruLayer : RecurrentLayer
{
    private const int Gates = 3;
    private const int KeptParts = 5;

    /// <summary>A layer of so many units.</summary>
    public GruLayer(TensorShape input, int units, bool givesSequence)
        : base("gru", input, units, givesSequence, Gates, KeptParts) =>
        Parameters =
        [
            new("weights", ParameterRole.Weights, [Inner, Wide], Inner, units),
            new("recurrent", ParameterRole.Weights, [units, Wide], units, units),
            new("bias", ParameterRole.Bias, [Wide]),
            new("recurrent_bias", ParameterRole.Bias, [Wide]),
        ];

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters { get; }

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass)
    {
        int count = pass.Count;
        int length = count * Steps * Wide;
        float[] rented = ArrayPool<float>.Shared.Rent(length);
        Span<float> gates = rented.AsSpan(0, length);
        AddInput(pass, Biases(pass.Weights, 0), gates);
        var state = new float[count * Units];
        var recurrent = new float[count * Wide];
        for (int step = 0; step < Steps; step++)
        {
            MatrixProduct.Compute(
                new MatrixShape(MatrixLayout.Plain, count, Wide, Units),
                state,
                Recurrent(pass.Weights),
                recurrent,
                new ProductEpilogue { Bias = Biases(pass.Weights, 1) });
            for (int i = 0; i < count; i++)
            {
                Span<float> own = state.AsSpan(i * Units, Units);
                Advance(
                    GatesOf(gates, i, step),
                    recurrent.AsSpan(i * Wide, Wide),
                    own,
                    KeptOf(pass.Kept, i, step));
                Give(pass, i, step, own);
            }
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        int count = pass.Count;
        var carried = new float[count * Units];
        var before = new float[count * Units];
        var inner = new float[count * Wide];
        var all = new float[count * Steps * Wide];
        for (int step = Steps - 1; step >= 0; step--)
        {
            for (int i = 0; i < count; i++)
            {
                Span<float> change = carried.AsSpan(i * Units, Units);
                AddGiven(pass, i, step, change);
                before.AsSpan(i * Units, Units).Clear();
                if (step > 0)
                {
                    KeptOf(pass.Kept, i, step - 1)[^Units..].CopyTo(before.AsSpan(i * Units));
                }

                Retreat(
                    KeptOf(pass.Kept, i, step),
                    before.AsSpan(i * Units, Units),
                    change,
                    GatesOf(all, i, step),
                    inner.AsSpan(i * Wide, Wide));
            }

            MatrixProduct.Compute(
                new MatrixShape(MatrixLayout.TransposedA, Units, Wide, count),
                before,
                inner,
                pass.Gradients.Slice(MatrixLength, Units * Wide),
                new ProductEpilogue { IsAdded = true });
            Activation.AddColumnSums(inner, pass.Gradients[^Wide..], VectorWidths.Widest);
            MatrixProduct.Compute(
                new MatrixShape(MatrixLayout.TransposedB, count, Units, Wide),
                inner,
                Recurrent(pass.Weights),
                carried,
                new ProductEpilogue { IsAdded = true });
        }

        FinishInput(
            pass, all, pass.Gradients.Slice(MatrixLength + (Units * Wide), Wide));
    }

    private void Advance(
        Span<float> gates, Span<float> recurrent, Span<float> state, Span<float> kept)
    {
        int n = Units;
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
        int n = Units;
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

    private ReadOnlySpan<float> Biases(ReadOnlySpan<float> weights, int which) =>
        weights.Slice((Inner + Units + which) * Wide, Wide);
}
