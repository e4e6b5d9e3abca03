using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>
/// Convolutions on bytes: an image is rounded to bytes with one scale (<see cref="ByteRows"/>), the
/// pixels under the kernel are laid side by side, and their exact products with the bytes of the
/// weights become floats again (Jacob et al., CVPR 2018, section 2). Zeros around an image are the
/// byte that stands for 0. One thread; like <see cref="ByteProduct"/> for processors only.
/// </summary>
internal static class ByteConvolution
{
    private const int BlockRows = 64;

    [ThreadStatic]
    private static byte[]? _image;

    [ThreadStatic]
    private static byte[]? _frame;

    [ThreadStatic]
    private static byte[]? _patches;

    [ThreadStatic]
    private static int[]? _sums;

    /// <summary>The output; shapes as in <see cref="ConvolutionShape"/>.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="input">The images.</param>
    /// <param name="isPositive">Whether no number of them is negative.</param>
    /// <param name="matrix">The weights, (kernel length, out channels).</param>
    /// <param name="scales">The scale of the weights of each out channel.</param>
    /// <param name="bias">What is added to each out channel.</param>
    /// <param name="isRectified">Whether negative outputs become 0.</param>
    /// <param name="output">Receives the output.</param>
    public static void Forward(
        ConvolutionShape shape,
        ReadOnlySpan<float> input,
        bool isPositive,
        ByteMatrix matrix,
        ReadOnlySpan<float> scales,
        ReadOnlySpan<float> bias,
        bool isRectified,
        Span<float> output)
    {
        Check(shape, input.Length, matrix, output.Length);
        int places = shape.OutHeight * shape.OutWidth;
        int count = shape.Count * places;
        Span<byte> patches = Room(ref _patches, BlockRows * matrix.PaddedDepth);
        Span<int> sums = Room(ref _sums, BlockRows * matrix.PaddedColumns);
        Span<float> rowScales = stackalloc float[BlockRows];
        ReadOnlySpan<byte> frame = default;
        float scale = 0;
        for (int start = 0; start < count; start += BlockRows)
        {
            int rows = Math.Min(BlockRows, count - start);
            for (int row = 0; row < rows; row++)
            {
                int place = (start + row) % places;
                if (place == 0)
                {
                    int first = (start + row) / places * shape.ImageLength;
                    frame = Frame(
                        shape, input.Slice(first, shape.ImageLength), isPositive, out scale);
                }

                rowScales[row] = scale;
                Patch(
                    shape,
                    frame,
                    place,
                    patches.Slice(row * matrix.PaddedDepth, matrix.PaddedDepth));
            }

            ByteProduct.Compute(patches, rows, matrix, sums);
            for (int row = 0; row < rows; row++)
            {
                ByteRows.Restore(
                    sums.Slice(row * matrix.PaddedColumns, matrix.PaddedColumns),
                    rowScales[row],
                    isPositive,
                    matrix,
                    scales,
                    bias,
                    isRectified,
                    output.Slice((start + row) * shape.OutChannels, shape.OutChannels));
            }
        }
    }

    /// <summary>The definition: every sum by itself.</summary>
    public static void ForwardReference(
        ConvolutionShape shape,
        ReadOnlySpan<float> input,
        bool isPositive,
        ReadOnlySpan<sbyte> weights,
        ReadOnlySpan<float> scales,
        ReadOnlySpan<float> bias,
        bool isRectified,
        Span<float> output)
    {
        int zero = isPositive ? 0 : ByteRows.Middle;
        var bytes = new byte[shape.ImageLength];
        for (int at = 0; at < output.Length; at++)
        {
            int channel = at % shape.OutChannels;
            int place = at / shape.OutChannels;
            int image = place / (shape.OutHeight * shape.OutWidth);
            float scale = ByteRows.Round(
                input.Slice(image * shape.ImageLength, shape.ImageLength), isPositive, bytes);
            int sum = 0;
            for (int w = 0; w < shape.KernelLength; w++)
            {
                int row = (place / shape.OutWidth % shape.OutHeight * shape.Stride)
                    - shape.PadTop + (w / (shape.KernelWidth * shape.Channels));
                int column = (place % shape.OutWidth * shape.Stride) - shape.PadLeft
                    + (w / shape.Channels % shape.KernelWidth);
                bool isInside = row >= 0 && row < shape.Height
                    && column >= 0 && column < shape.Width;
                int x = isInside
                    ? bytes[(((row * shape.Width) + column) * shape.Channels)
                        + (w % shape.Channels)] - zero
                    : 0;
                sum += x * weights[(w * shape.OutChannels) + channel];
            }

            float value = (sum * scale * scales[channel]) + bias[channel];
            output[at] = isRectified ? Math.Max(value, 0) : value;
        }
    }

    // The image in bytes, inside as many bytes for 0 as the kernel reaches over its edges.
    private static Span<byte> Frame(
        ConvolutionShape shape, ReadOnlySpan<float> image, bool isPositive, out float scale)
    {
        Span<byte> bytes = Room(ref _image, shape.ImageLength);
        scale = ByteRows.Round(image, isPositive, bytes);
        int height = FrameHeight(shape);
        int line = FrameWidth(shape) * shape.Channels;
        if (height == shape.Height && line == shape.Width * shape.Channels)
        {
            return bytes;
        }

        Span<byte> frame = Room(ref _frame, height * line);
        frame.Fill((byte)(isPositive ? 0 : ByteRows.Middle));
        int left = shape.PadLeft * shape.Channels;
        int length = Math.Min(shape.Width * shape.Channels, line - left);
        for (int row = 0; row < Math.Min(shape.Height, height - shape.PadTop); row++)
        {
            bytes.Slice(row * shape.Width * shape.Channels, length)
                .CopyTo(frame[(((row + shape.PadTop) * line) + left)..]);
        }

        return frame;
    }

    private static int FrameHeight(in ConvolutionShape shape) =>
        ((shape.OutHeight - 1) * shape.Stride) + shape.KernelHeight;

    private static int FrameWidth(in ConvolutionShape shape) =>
        ((shape.OutWidth - 1) * shape.Stride) + shape.KernelWidth;

    private static void Patch(
        in ConvolutionShape shape, ReadOnlySpan<byte> frame, int place, Span<byte> patch)
    {
        int line = FrameWidth(shape) * shape.Channels;
        int stretch = shape.KernelWidth * shape.Channels;
        int from = (place / shape.OutWidth * shape.Stride * line)
            + (place % shape.OutWidth * shape.Stride * shape.Channels);
        for (int row = 0; row < shape.KernelHeight; row++)
        {
            frame.Slice(from + (row * line), stretch).CopyTo(patch[(row * stretch)..]);
        }

        patch[shape.KernelLength..].Clear();
    }

    private static Span<T> Room<T>(ref T[]? room, int length)
    {
        if (room is null || room.Length < length)
        {
            room = new T[length];
        }

        return MemoryMarshal.CreateSpan(
            ref MemoryMarshal.GetArrayDataReference(room), length);
    }

    private static void Check(
        in ConvolutionShape shape, int input, ByteMatrix matrix, int output)
    {
        if (input != shape.Count * shape.ImageLength
            || output != shape.Count * shape.OutImageLength
            || matrix.Columns != shape.OutChannels
            || matrix.PaddedDepth < shape.KernelLength
            || shape.PadTop < 0 || shape.PadLeft < 0)
        {
            throw new ArgumentException("The arrays of a convolution do not fit its shape.");
        }
    }
}
