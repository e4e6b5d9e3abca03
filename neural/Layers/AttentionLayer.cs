using System.Buffers;
using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// Self attention of several heads: softmax(Q K' / sqrt(d)) V for each head, with products before
/// and after (Vaswani et al., "Attention Is All You Need", NIPS 2017, section 3.2).
/// </summary>
/// <remarks>
/// Weights: input (channels, 3 channels) for Q, K and V, output (channels, channels), each with
/// bias. Kept for an example: Q, K, V (places, 3 channels), attention (heads, places, places),
/// what the heads give (places, channels).
/// </remarks>
internal sealed class AttentionLayer : Layer
{
    private readonly int _heads;
    private readonly int _places;
    private readonly int _channels;
    private readonly int _depth;

    /// <summary>A layer of so many heads, which share the channels.</summary>
    public AttentionLayer(TensorShape input, int heads)
        : base(input, input)
    {
        _heads = heads;
        _places = input.Places;
        _channels = input.Channels;
        _depth = _channels / heads;
        Parameters =
        [
            new(
                "input",
                ParameterRole.Weights,
                [_channels, 3 * _channels],
                _channels,
                _channels),
            new("input_bias", ParameterRole.Bias, [3 * _channels]),
            new("output", ParameterRole.Weights, [_channels, _channels], _channels, _channels),
            new("output_bias", ParameterRole.Bias, [_channels]),
        ];
    }

    /// <summary>How many heads share the channels.</summary>
    public int Heads => _heads;

    /// <inheritdoc/>
    public override string Text => $"attention({LayerNames.Number(_heads)})";

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters { get; }

    /// <inheritdoc/>
    public override int KeptLength =>
        (4 * _places * _channels) + (_heads * _places * _places);

    /// <inheritdoc/>
    public override long MultiplyAdds =>
        (4L * _places * _channels * _channels) + (2L * _places * _places * _channels);

    private int QueryLength => 3 * _channels * _channels;

    private int OutputStart => QueryLength + (3 * _channels);

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass)
    {
        int length = _places * _channels;
        ReadOnlySpan<float> weights = pass.Weights;
        for (int i = 0; i < pass.Count; i++)
        {
            Span<float> kept = pass.Kept.Slice(i * KeptLength, KeptLength);
            Span<float> joined = kept[^length..];
            MatrixProduct.Compute(
                new MatrixShape(MatrixLayout.Plain, _places, 3 * _channels, _channels),
                pass.Input.Slice(i * length, length),
                weights[..QueryLength],
                kept[..(3 * length)],
                new ProductEpilogue { Bias = weights.Slice(QueryLength, 3 * _channels) });
            for (int head = 0; head < _heads; head++)
            {
                Attend(kept, head, joined);
            }

            MatrixProduct.Compute(
                new MatrixShape(MatrixLayout.Plain, _places, _channels, _channels),
                joined,
                weights.Slice(OutputStart, _channels * _channels),
                pass.Output.Slice(i * length, length),
                new ProductEpilogue { Bias = weights[^_channels..] });
        }
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        int length = _places * _channels;
        ReadOnlySpan<float> weights = pass.Weights;
        Span<float> outputGradient = pass.Gradients.Slice(OutputStart, _channels * _channels);
        var dJoined = new float[length];
        var dQueries = new float[3 * length];
        for (int i = 0; i < pass.Count; i++)
        {
            Span<float> kept = pass.Kept.Slice(i * KeptLength, KeptLength);
            Span<float> dy = pass.OutputGradient.Slice(i * length, length);
            Activation.AddColumnSums(dy, pass.Gradients[^_channels..], VectorWidths.Widest);
            MatrixProduct.Compute(
                new MatrixShape(MatrixLayout.TransposedA, _channels, _channels, _places),
                kept[^length..],
                dy,
                outputGradient,
                new ProductEpilogue { IsAdded = true });
            MatrixProduct.Compute(
                new MatrixShape(MatrixLayout.TransposedB, _places, _channels, _channels),
                dy,
                weights.Slice(OutputStart, _channels * _channels),
                dJoined);
            for (int head = 0; head < _heads; head++)
            {
                Return(kept, head, dJoined, dQueries);
            }

            FinishInput(pass, i, dQueries);
        }
    }

    private void FinishInput(in LayerPass pass, int example, float[] dQueries)
    {
        int length = _places * _channels;
        Activation.AddColumnSums(
            dQueries, pass.Gradients.Slice(QueryLength, 3 * _channels), VectorWidths.Widest);
        MatrixProduct.Compute(
            new MatrixShape(MatrixLayout.TransposedA, _channels, 3 * _channels, _places),
            pass.Input.Slice(example * length, length),
            dQueries,
            pass.Gradients[..QueryLength],
            new ProductEpilogue { IsAdded = true });
        if (!pass.InputGradient.IsEmpty)
        {
            MatrixProduct.Compute(
                new MatrixShape(MatrixLayout.TransposedB, _places, _channels, 3 * _channels),
                dQueries,
                pass.Weights[..QueryLength],
                pass.InputGradient.Slice(example * length, length));
        }
    }

    private void Attend(Span<float> kept, int head, Span<float> joined)
    {
        int square = _places * _places;
        Span<float> attention = kept.Slice((3 * joined.Length) + (head * square), square);
        int length = _places * _depth;
        float[] rented = ArrayPool<float>.Shared.Rent(4 * length);
        Span<float> q = rented.AsSpan(0, length);
        Span<float> k = rented.AsSpan(length, length);
        Span<float> v = rented.AsSpan(2 * length, length);
        Span<float> result = rented.AsSpan(3 * length, length);
        Take(kept, head, 0, q);
        Take(kept, head, 1, k);
        Take(kept, head, 2, v);
        MatrixProduct.Compute(
            new MatrixShape(MatrixLayout.TransposedB, _places, _places, _depth), q, k, attention);
        VectorArithmetic.Scale(attention, 1 / MathF.Sqrt(_depth));
        Softmax.Compute(attention, _places, attention);
        MatrixProduct.Compute(
            new MatrixShape(MatrixLayout.Plain, _places, _depth, _places), attention, v, result);
        for (int place = 0; place < _places; place++)
        {
            result.Slice(place * _depth, _depth)
                .CopyTo(joined[((place * _channels) + (head * _depth))..]);
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    private void Return(Span<float> kept, int head, float[] dJoined, float[] dQueries)
    {
        int square = _places * _places;
        Span<float> attention = kept.Slice((3 * dJoined.Length) + (head * square), square);
        var given = new float[_places * _depth];
        for (int place = 0; place < _places; place++)
        {
            dJoined.AsSpan((place * _channels) + (head * _depth), _depth)
                .CopyTo(given.AsSpan(place * _depth));
        }

        var dAttention = new float[square];
        var part = new float[_places * _depth];
        MatrixProduct.Compute(
            new MatrixShape(MatrixLayout.TransposedA, _places, _depth, _places),
            attention,
            given,
            part);
        Put(part, dQueries, head, 2);
        MatrixProduct.Compute(
            new MatrixShape(MatrixLayout.TransposedB, _places, _places, _depth),
            given,
            Part(kept, head, 2),
            dAttention);
        SoftmaxBackward(attention, dAttention);
        MatrixProduct.Compute(
            new MatrixShape(MatrixLayout.Plain, _places, _depth, _places),
            dAttention,
            Part(kept, head, 1),
            part);
        Put(part, dQueries, head, 0);
        MatrixProduct.Compute(
            new MatrixShape(MatrixLayout.TransposedA, _places, _depth, _places),
            dAttention,
            Part(kept, head, 0),
            part);
        Put(part, dQueries, head, 1);
    }

    /// <summary>ds = p (dp - sum(p dp)) / sqrt(depth), row by row, in place.</summary>
    private void SoftmaxBackward(ReadOnlySpan<float> p, Span<float> dp)
    {
        float scale = 1 / MathF.Sqrt(_depth);
        for (int row = 0; row < p.Length; row += _places)
        {
            float sum = 0;
            for (int i = row; i < row + _places; i++)
            {
                sum += p[i] * dp[i];
            }

            for (int i = row; i < row + _places; i++)
            {
                dp[i] = p[i] * (dp[i] - sum) * scale;
            }
        }
    }

    /// <summary>Queries, keys or values of a head, (places, depth).</summary>
    private float[] Part(ReadOnlySpan<float> kept, int head, int which)
    {
        var part = new float[_places * _depth];
        Take(kept, head, which, part);
        return part;
    }

    private void Take(ReadOnlySpan<float> kept, int head, int which, Span<float> part)
    {
        for (int place = 0; place < _places; place++)
        {
            int at = (place * 3 * _channels) + (which * _channels) + (head * _depth);
            kept.Slice(at, _depth).CopyTo(part[(place * _depth)..]);
        }
    }

    private void Put(ReadOnlySpan<float> part, Span<float> queries, int head, int which)
    {
        for (int place = 0; place < _places; place++)
        {
            int at = (place * 3 * _channels) + (which * _channels) + (head * _depth);
            part.Slice(place * _depth, _depth).CopyTo(queries[at..]);
        }
    }
}
