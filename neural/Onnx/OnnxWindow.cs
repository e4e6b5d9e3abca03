using System.Globalization;
using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// The window of a convolution or a pooling, in our words: valid or same, one stride for both ways.
/// </summary>
internal static class OnnxWindow
{
    /// <summary>The arguments of our layer, and its shape.</summary>
    /// <param name="node">The operator.</param>
    /// <param name="input">The shape of the image.</param>
    /// <param name="outChannels">The channels that come out.</param>
    /// <param name="height">Rows of the kernel.</param>
    /// <param name="width">Pixels of a row of the kernel.</param>
    public static (string Arguments, TensorShape Output) Of(
        OnnxNode node, TensorShape input, int outChannels, int height, int width)
    {
        IReadOnlyList<long> strides = node.Numbers("strides");
        long stride = strides.Count > 0 ? strides[0] : 1;
        bool isKnown = strides.All(other => other == stride)
            && node.Numbers("dilations").All(static step => step == 1)
            && node.Number("ceil_mode", 0) == 0
            && stride is >= 1 and <= 1024 && height is >= 1 and <= 64 && width is >= 1 and <= 64;
        if (!isKnown)
        {
            throw Unsupported(node, "its strides, dilations or sizes");
        }

        // Sequences have pads before and behind only; ours are images one pixel high.
        IReadOnlyList<long> given = node.Numbers("pads") is [long before, long behind]
            ? [0, before, 0, behind] : node.Numbers("pads");
        if (PaddedOf(given, input, height, width) is int pad and > 0)
        {
            return Of(
                input,
                ConvolutionShape.Padded(
                    input.Height, input.Width, input.Channels, outChannels, height, width,
                    (int)stride, pad),
                string.Create(CultureInfo.InvariantCulture, $", pad={pad}"),
                node);
        }

        bool isSame = node.Text("auto_pad") switch
        {
            "SAME_UPPER" => true,
            "VALID" => false,
            "" or "NOTSET" => given.Any(static pad => pad != 0),
            _ => throw Unsupported(node, "auto_pad"),
        };
        ConvolutionShape shape = ConvolutionShape.Create(
            input.Height, input.Width, input.Channels, outChannels, height, width, (int)stride,
            isSame);
        long[] pads =
        [
            shape.PadTop,
            shape.PadLeft,
            Math.Max(0, ((shape.OutHeight - 1) * stride) + height - input.Height - shape.PadTop),
            Math.Max(0, ((shape.OutWidth - 1) * stride) + width - input.Width - shape.PadLeft),
        ];
        if (given.Count == 4 && isSame && !given.SequenceEqual(pads))
        {
            throw Unsupported(node, $"its pads {string.Join(", ", given)}, which are not ours");
        }

        return Of(input, shape, isSame ? ", same" : "", node);
    }

    private static (string Arguments, TensorShape Output) Of(
        TensorShape input, ConvolutionShape shape, string padding, OnnxNode node)
    {
        int height = shape.KernelHeight;
        int width = shape.KernelWidth;

        // The window of a sequence is one pixel high in our words.
        bool isSequence = input.Height == 1 && input.Width > 1;
        string sizes = isSequence || height == width
            ? string.Create(CultureInfo.InvariantCulture, $"{width}")
            : string.Create(CultureInfo.InvariantCulture, $"{height}, width={width}");
        if ((isSequence && height != 1) || shape.OutHeight < 1 || shape.OutWidth < 1)
        {
            throw Unsupported(node, "its sizes");
        }

        string arguments = string.Create(
            CultureInfo.InvariantCulture, $"{sizes}, stride={shape.Stride}{padding}");
        return (
            arguments, new TensorShape(shape.OutHeight, shape.OutWidth, shape.OutChannels));
    }

    // The zeros on all sides, where they are as many; of a sequence on both.
    private static int PaddedOf(
        IReadOnlyList<long> given, TensorShape input, int height, int width)
    {
        bool isSequence = input.Height == 1 && height == 1;
        return given is [long top, long left, long bottom, long right]
            && left == right && left > 0 && left < width
            && (isSequence ? (top, bottom) == (0, 0) : top == left && bottom == left)
            && (isSequence || left < height)
                ? (int)left : 0;
    }

    private static NeuroStoreException Unsupported(OnnxNode node, string what) =>
        NeuralErrors.UnsupportedOnnx(
            $"The operator {node.Operator} {node.Name} cannot be one of our layers because of "
            + $"{what}.");
}
