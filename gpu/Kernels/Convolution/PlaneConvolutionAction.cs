using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>
/// A convolution of images of one channel into few, where a register of output channels would be
/// half empty: registers hold neighbouring pixels instead, two of them for each of six output
/// channels, and the channels are brought side by side at the end. Definition:
/// <see cref="ScalarConvolution"/>. It waits for its registers.
/// </summary>
/// <remarks>
/// The pixels of the framed image are taken as one line, whose places between the rows compute
/// numbers that nobody reads: so there is no end of a row to care for (as in the shifted rows of
/// Georganas et al., SC 2018, section II, for an order of channels by planes).
/// </remarks>
internal readonly unsafe ref struct PlaneConvolutionAction(
    ConvolutionShape shape,
    ReadOnlySpan<float> input,
    ReadOnlySpan<float> weights,
    Span<float> output,
    ProductEpilogue epilogue) : IFloatAction
{
    // Six channels of two registers are the twelve sums that fill the multiply-add units.
    private const int ChannelsMax = 6;

    // Channels are brought side by side four at a time; those past the last are never read.
    private const int PlaneCount = 8;

    private readonly ReadOnlySpan<float> _input = input;
    private readonly ReadOnlySpan<float> _weights = weights;
    private readonly Span<float> _output = output;
    private readonly ProductEpilogue _epilogue = epilogue;

    /// <summary>Whether it computes the convolution, with registers of a width.</summary>
    public static bool Applies(in ConvolutionShape shape, VectorWidth width)
    {
        int lanes = width switch
        {
            VectorWidth.Bits512 => 16,
            VectorWidth.Bits256 => 8,
            _ => 4,
        };
        return shape.Channels == 1 && shape.Stride == 1
            && shape.OutChannels <= Math.Min(ChannelsMax, lanes / 2) && shape.OutWidth >= lanes / 2;
    }

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var frame = new ImageFrame(shape, 1);
        int step = 2 * TLanes.Count;
        int places = ((shape.OutHeight - 1) * frame.RowLength) + shape.OutWidth;
        int planeLength = (places + step - 1) / step * step;
        int framed = Math.Max(
            shape.ImageLength,
            planeLength + ((shape.KernelHeight - 1) * frame.RowLength) + shape.KernelWidth);
        int taps = shape.KernelHeight * shape.KernelWidth;
        float* numbers = ConvolutionScratch.Panels((taps + 1) * ChannelsMax);
        SpreadWeights(numbers);
        float* planes = ConvolutionScratch.Tiles(PlaneCount * planeLength);
        fixed (float* input = _input, output = _output)
        {
            for (int image = 0; image < shape.Count; image++)
            {
                // The last places read past the image: there has to be memory, whatever it holds.
                float* room = ConvolutionScratch.Image(framed);
                float* placed = frame.Place(input + ((nint)image * shape.ImageLength));
                if (frame.IsImageItself)
                {
                    new ReadOnlySpan<float>(placed, shape.ImageLength).CopyTo(
                        new Span<float>(room, shape.ImageLength));
                    placed = room;
                }

                for (int place = 0; place < planeLength; place += step)
                {
                    RunPlaces<TLanes, TVector>(
                        placed + place,
                        frame.RowLength,
                        shape.KernelHeight,
                        shape.KernelWidth,
                        numbers,
                        _epilogue.IsRectified,
                        planes + place,
                        planeLength);
                }

                Interleave(
                    planes,
                    planeLength,
                    frame.RowLength,
                    output + ((nint)image * shape.OutImageLength));
            }
        }
    }

    /// <summary>Six numbers for each tap, then the biases; those of no channel are zero.</summary>
    private void SpreadWeights(float* numbers)
    {
        int channels = shape.OutChannels;
        int taps = shape.KernelHeight * shape.KernelWidth;
        for (int tap = 0; tap <= taps; tap++)
        {
            ReadOnlySpan<float> from = tap < taps
                ? _weights.Slice(tap * channels, channels) : _epilogue.Bias;
            var to = new Span<float>(numbers + (tap * ChannelsMax), ChannelsMax);
            to.Clear();
            from.CopyTo(to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunPlaces<TLanes, TVector>(
        float* first,
        nint line,
        int rows,
        int columns,
        float* numbers,
        bool isRectified,
        float* to,
        nint planeLength)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector a0 = default, a1 = default, a2 = default;
        TVector a3 = default, a4 = default, a5 = default;
        TVector b0 = default, b1 = default, b2 = default;
        TVector b3 = default, b4 = default, b5 = default;
        float* w = numbers;
        for (int row = rows; row > 0; row--, first += line)
        {
            float* x = first;
            for (int column = columns; column > 0; column--)
            {
                TVector a = TLanes.Load(x);
                TVector b = TLanes.Load(x + TLanes.Count);
                TVector weight = TLanes.Create(w[0]);
                a0 = TLanes.MultiplyAdd(a, weight, a0);
                b0 = TLanes.MultiplyAdd(b, weight, b0);
                weight = TLanes.Create(w[1]);
                a1 = TLanes.MultiplyAdd(a, weight, a1);
                b1 = TLanes.MultiplyAdd(b, weight, b1);
                weight = TLanes.Create(w[2]);
                a2 = TLanes.MultiplyAdd(a, weight, a2);
                b2 = TLanes.MultiplyAdd(b, weight, b2);
                weight = TLanes.Create(w[3]);
                a3 = TLanes.MultiplyAdd(a, weight, a3);
                b3 = TLanes.MultiplyAdd(b, weight, b3);
                weight = TLanes.Create(w[4]);
                a4 = TLanes.MultiplyAdd(a, weight, a4);
                b4 = TLanes.MultiplyAdd(b, weight, b4);
                weight = TLanes.Create(w[5]);
                a5 = TLanes.MultiplyAdd(a, weight, a5);
                b5 = TLanes.MultiplyAdd(b, weight, b5);
                x++;
                w += ChannelsMax;
            }
        }

        Finish<TLanes, TVector>(a0, b0, w[0], isRectified, to);
        Finish<TLanes, TVector>(a1, b1, w[1], isRectified, to + planeLength);
        Finish<TLanes, TVector>(a2, b2, w[2], isRectified, to + (2 * planeLength));
        Finish<TLanes, TVector>(a3, b3, w[3], isRectified, to + (3 * planeLength));
        Finish<TLanes, TVector>(a4, b4, w[4], isRectified, to + (4 * planeLength));
        Finish<TLanes, TVector>(a5, b5, w[5], isRectified, to + (5 * planeLength));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TLanes, TVector>(
        TVector a, TVector b, float bias, bool isRectified, float* to)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector added = TLanes.Create(bias);
        a = TLanes.Add(a, added);
        b = TLanes.Add(b, added);
        TLanes.Store(isRectified ? TLanes.Maximum(a, default) : a, to);
        TLanes.Store(isRectified ? TLanes.Maximum(b, default) : b, to + TLanes.Count);
    }

    // Four channels of all pixels of a row at a time, the last ones first: what they write beyond
    // their pixel, the first ones of the next pixel or row write over. Behind the image lies what
    // nobody may touch.
    private void Interleave(float* planes, nint planeLength, int line, float* output)
    {
        int channels = shape.OutChannels;
        int last = (channels - 1) / 4 * 4;
        for (int row = 0; row < shape.OutHeight; row++)
        {
            float* from = planes + (row * line);
            float* to = output + ((nint)row * shape.OutWidth * channels);
            if (row == shape.OutHeight - 1)
            {
                PanelPacking.Transpose(from, planeLength, channels, shape.OutWidth, to, channels);
                continue;
            }

            for (int channel = last; channel >= 0; channel -= 4)
            {
                PanelPacking.Transpose(
                    from + (channel * planeLength),
                    planeLength,
                    4,
                    shape.OutWidth,
                    to + channel,
                    channels);
            }
        }
    }
}
