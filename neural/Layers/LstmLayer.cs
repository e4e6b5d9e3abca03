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
internal sealed class LstmLayer : RecurrentLayer
{
    private const int Gates = 4;
    private const int KeptParts = 7;

    /// <summary>A layer of so many units.</summary>
    public LstmLayer(TensorShape input, int units, bool givesSequence)
        : base("lstm", input, units, givesSequence, Gates, KeptParts) =>
        Parameters =
        [
            new("weights", ParameterRole.Weights, [Inner, Wide], Inner, units),
            new("recurrent", ParameterRole.Weights, [units, Wide], units, units),
            new("bias", ParameterRole.Bias, [Wide]),
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
        AddInput(pass, pass.Weights[^Wide..], gates);
        var state = new float[count * Units];
        var recurrent = new float[count * Wide];
        for (int step = 0; step < Steps; step++)
        {
            if (step > 0)
            {
                MatrixProduct.Compute(
                    new MatrixShape(MatrixLayout.Plain, count, Wide, Units),
                    state,
                    Recurrent(pass.Weights),
                    recurrent);
            }

            for (int i = 0; i < count; i++)
            {
                Span<float> own = GatesOf(gates, i, step);
                VectorArithmetic.Add(recurrent.AsSpan(i * Wide, Wide), own);
                Span<float> kept = KeptOf(pass.Kept, i, step);
                Advance(own, step > 0 ? CellOf(KeptOf(pass.Kept, i, step - 1)) : [], kept);
                kept[^Units..].CopyTo(state.AsSpan(i * Units));
                Give(pass, i, step, kept[^Units..]);
            }
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        int count = pass.Count;
        var states = new float[count * Units];
        var cells = new float[count * Units];
        var before = new float[count * Units];
        var inner = new float[count * Wide];
        var all = new float[count * Steps * Wide];
        for (int step = Steps - 1; step >= 0; step--)
        {
            for (int i = 0; i < count; i++)
            {
                Span<float> change = states.AsSpan(i * Units, Units);
                AddGiven(pass, i, step, change);
                ReadOnlySpan<float> last =
                    step > 0 ? KeptOf(pass.Kept, i, step - 1) : default;
                if (step > 0)
                {
                    last[^Units..].CopyTo(before.AsSpan(i * Units));
                }

                Span<float> own = inner.AsSpan(i * Wide, Wide);
                Retreat(
                    KeptOf(pass.Kept, i, step),
                    step > 0 ? CellOf(last) : [],
                    change,
                    cells.AsSpan(i * Units, Units),
                    own);
                own.CopyTo(GatesOf(all, i, step));
            }

            if (step == 0)
            {
                break;
            }

            MatrixProduct.Compute(
                new MatrixShape(MatrixLayout.TransposedA, Units, Wide, count),
                before,
                inner,
                pass.Gradients.Slice(MatrixLength, Units * Wide),
                new ProductEpilogue { IsAdded = true });
            MatrixProduct.Compute(
                new MatrixShape(MatrixLayout.TransposedB, count, Units, Wide),
                inner,
                Recurrent(pass.Weights),
                states);
        }

        FinishInput(pass, all, pass.Gradients[^Wide..]);
    }

    /// <summary>One step: the sums of the gates become what is kept; no cell is one of 0.</summary>
    private void Advance(Span<float> sums, ReadOnlySpan<float> cell, Span<float> kept)
    {
        int n = Units;
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
        int n = Units;
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

    private ReadOnlySpan<float> CellOf(ReadOnlySpan<float> kept) =>
        kept.Slice(4 * Units, Units);
}
