using System.Buffers;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// An image that waits for its registers. Each new row is first summed down over whole rows of
/// bytes, in registers of a cache line's worth of pixels, then across what is left.
/// </summary>
/// <param name="pixels">(rows.From, columns.From, given).</param>
/// <param name="given">Channels that there are.</param>
/// <param name="rows">What makes each new row.</param>
/// <param name="columns">What makes each new column.</param>
/// <param name="channels">Channels that are wanted.</param>
/// <param name="target">(rows.To, columns.To, channels).</param>
internal readonly unsafe ref struct ImageScaleAction(
    ReadOnlySpan<byte> pixels,
    int given,
    PixelWeights rows,
    PixelWeights columns,
    int channels,
    Span<float> target) : IFloatAction
{
    // A register across may read beyond the last pixel.
    private const int Slack = 4;

    private readonly ReadOnlySpan<byte> _pixels = pixels;
    private readonly Span<float> _target = target;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int length = columns.From * given;
        bool isSame = columns.From == columns.To && rows.From == rows.To;
        float[] rented = ArrayPool<float>.Shared.Rent(length + Slack);
        rented.AsSpan(length, Slack).Clear();
        fixed (float* sums = rented, to = _target)
        fixed (byte* from = _pixels)
        {
            float* place = to;
            for (int y = 0; y < rows.To; y++, place += (nint)columns.To * channels)
            {
                Down<TLanes, TVector>(from, y, length, sums);
                if (isSame || given == 1)
                {
                    Along(sums, isSame, place);
                }
                else
                {
                    Across(sums, place);
                }
            }
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary>sums = the weighted rows behind a new one.</summary>
    private void Down<TLanes, TVector>(byte* from, int y, int length, float* sums)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int start = rows.Starts[y];
        int count = rows.Starts[y + 1] - start;
        byte* first = from + ((nint)rows.Firsts[y] * length);
        int wide = 4 * TLanes.Count;
        int x = 0;
        fixed (float* weights = rows.Weights)
        {
            float* own = weights + start;
            for (; x <= length - wide; x += wide)
            {
                DownWide<TLanes, TVector>(first + x, own, count, length, sums + x);
            }

            for (; x <= length - TLanes.Count; x += TLanes.Count)
            {
                TVector sum = TLanes.Create(0);
                byte* at = first + x;
                for (int i = 0; i < count; i++, at += length)
                {
                    sum = TLanes.MultiplyAdd(
                        TLanes.Create(own[i]), TLanes.LoadBytes(at, 0, byte.MaxValue), sum);
                }

                TLanes.Store(sum, sums + x);
            }

            for (; x < length; x++)
            {
                float sum = 0;
                byte* at = first + x;
                for (int i = 0; i < count; i++, at += length)
                {
                    sum = MathF.FusedMultiplyAdd(own[i], *at, sum);
                }

                sums[x] = sum;
            }
        }
    }

    private static void DownWide<TLanes, TVector>(
        byte* at, float* weights, int count, int length, float* sums)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector a = TLanes.Create(0);
        TVector b = a;
        TVector c = a;
        TVector d = a;
        int lanes = TLanes.Count;
        for (int i = 0; i < count; i++, at += length)
        {
            TVector weight = TLanes.Create(weights[i]);
            a = TLanes.MultiplyAdd(weight, TLanes.LoadBytes(at, 0, byte.MaxValue), a);
            b = TLanes.MultiplyAdd(weight, TLanes.LoadBytes(at + lanes, 0, byte.MaxValue), b);
            c = TLanes.MultiplyAdd(
                weight, TLanes.LoadBytes(at + (2 * lanes), 0, byte.MaxValue), c);
            d = TLanes.MultiplyAdd(
                weight, TLanes.LoadBytes(at + (3 * lanes), 0, byte.MaxValue), d);
        }

        TLanes.Store(a, sums);
        TLanes.Store(b, sums + lanes);
        TLanes.Store(c, sums + (2 * lanes));
        TLanes.Store(d, sums + (3 * lanes));
    }

    /// <summary>Across a row of one channel, or of pixels that stay where they are.</summary>
    private void Along(float* sums, bool isSame, float* place)
    {
        for (int x = 0; x < columns.To; x++, place += channels)
        {
            Vector128<float> sum = Vector128<float>.Zero;
            if (isSame)
            {
                sum = Vector128.Load(sums + ((nint)x * given));
            }
            else
            {
                sum = Vector128.CreateScalar(Mean(sums + columns.Firsts[x], Of(x)));
            }

            Put(sum, place);
        }
    }

    private static float Mean(float* at, ReadOnlySpan<float> weights)
    {
        Vector128<float> sum = Vector128<float>.Zero;
        int i = 0;
        for (; i <= weights.Length - Vector128<float>.Count; i += Vector128<float>.Count)
        {
            sum += Vector128.Load(at + i) * Vector128.Create(weights[i..]);
        }

        float mean = Vector128.Sum(sum);
        for (; i < weights.Length; i++)
        {
            mean += at[i] * weights[i];
        }

        return mean;
    }

    /// <summary>Across a row of pixels of several channels, all of a pixel at a time.</summary>
    private void Across(float* sums, float* place)
    {
        for (int x = 0; x < columns.To; x++, place += channels)
        {
            ReadOnlySpan<float> weights = Of(x);
            float* at = sums + ((nint)columns.Firsts[x] * given);
            Vector128<float> even = Vector128<float>.Zero;
            Vector128<float> odd = even;
            int i = 0;
            for (; i + 1 < weights.Length; i += 2, at += 2 * given)
            {
                even += Vector128.Load(at) * weights[i];
                odd += Vector128.Load(at + given) * weights[i + 1];
            }

            if (i < weights.Length)
            {
                even += Vector128.Load(at) * weights[i];
            }

            Put(even + odd, place);
        }
    }

    private ReadOnlySpan<float> Of(int column) => columns.Weights.Slice(
        columns.Starts[column], columns.Starts[column + 1] - columns.Starts[column]);

    private void Put(Vector128<float> pixel, float* place)
    {
        bool isColour = given >= 3;
        float red = pixel.ToScalar();
        if (channels == 1)
        {
            *place = isColour
                ? (red * ImageScale.Red) + (pixel[1] * ImageScale.Green)
                    + (pixel[2] * ImageScale.Blue)
                : red / byte.MaxValue;
            return;
        }

        place[0] = red / byte.MaxValue;
        place[1] = (isColour ? pixel[1] : red) / byte.MaxValue;
        place[2] = (isColour ? pixel[2] : red) / byte.MaxValue;
    }
}
