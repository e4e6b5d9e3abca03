using System.Buffers.Binary;
using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// While training, numbers become zero at random and the others grow, so that means stay
/// (Srivastava et al., "Dropout", JMLR 15, 2014). The rate is rounded to a multiple of 1/256.
/// </summary>
internal sealed class DropoutLayer : Layer
{
    private readonly double _rate;
    private readonly int _dropped;

    /// <summary>A layer that drops numbers at a rate of 0 to below 1.</summary>
    public DropoutLayer(TensorShape input, double rate)
        : base(input, input)
    {
        _rate = rate;
        _dropped = Math.Min(255, (int)Math.Round(rate * 256));
    }

    /// <inheritdoc/>
    public override string Text => $"dropout({LayerNames.Number(_rate)})";

    /// <inheritdoc/>
    public override int KeptByteLength => Input.Length;

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass)
    {
        if (!pass.IsTraining || _dropped == 0)
        {
            pass.Input.CopyTo(pass.Output);
            return;
        }

        Draw(pass.KeptBytes[..pass.Input.Length], pass.Seed);
        Dropout.Apply(pass.Input, pass.KeptBytes, Scale, pass.Output, VectorWidths.Widest);
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        if (pass.InputGradient.IsEmpty)
        {
            return;
        }

        if (!pass.IsTraining || _dropped == 0)
        {
            pass.OutputGradient.CopyTo(pass.InputGradient);
            return;
        }

        Dropout.Apply(
            pass.OutputGradient,
            pass.KeptBytes,
            Scale,
            pass.InputGradient,
            VectorWidths.Widest);
    }

    private float Scale => 256f / (256 - _dropped);

    /// <summary>Eight decisions from each draw: 1 keeps, 0 drops.</summary>
    private void Draw(Span<byte> kept, ulong seed)
    {
        ulong state = Hash64.Mix(seed) | 1;
        int i = 0;
        for (; i + 8 <= kept.Length; i += 8)
        {
            ulong draw = Next(ref state);
            ulong decisions = 0;
            for (int j = 0; j < 8; j++)
            {
                decisions |= (int)((draw >> (8 * j)) & 0xFF) >= _dropped ? 1UL << (8 * j) : 0;
            }

            BinaryPrimitives.WriteUInt64LittleEndian(kept[i..], decisions);
        }

        ulong last = Next(ref state);
        for (; i < kept.Length; i++)
        {
            kept[i] = (byte)((int)(last & 0xFF) >= _dropped ? 1 : 0);
            last >>= 8;
        }
    }

    /// <summary>xorshift64* (Vigna, "An experimental exploration", TOMS 42, 2016).</summary>
    private static ulong Next(ref ulong state)
    {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        return state * 0x2545F4914F6CDD1D;
    }
}
