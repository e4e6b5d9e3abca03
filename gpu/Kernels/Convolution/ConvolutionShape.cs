using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>
/// The sizes of a convolution over images whose channels lie side by side: input (count, height,
/// width, channels), weights (kernel height, kernel width, channels, out channels), output (count,
/// out height, out width, out channels). A depthwise convolution has weights (kernel height,
/// kernel width, channels) and as many channels out as in.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ConvolutionShape
{
    /// <summary>Images.</summary>
    public int Count;

    /// <summary>Rows of an image.</summary>
    public int Height;

    /// <summary>Pixels of a row.</summary>
    public int Width;

    /// <summary>Numbers of a pixel.</summary>
    public int Channels;

    /// <summary>Numbers of a pixel of the output.</summary>
    public int OutChannels;

    /// <summary>Rows of the kernel.</summary>
    public int KernelHeight;

    /// <summary>Pixels of a row of the kernel.</summary>
    public int KernelWidth;

    /// <summary>Pixels from one place of the kernel to the next, both ways.</summary>
    public int Stride;

    /// <summary>Rows of zeros above the image.</summary>
    public int PadTop;

    /// <summary>Pixels of zeros left of the image.</summary>
    public int PadLeft;

    /// <summary>Rows of the output.</summary>
    public int OutHeight;

    /// <summary>Pixels of a row of the output.</summary>
    public int OutWidth;

    /// <summary>Numbers of one image.</summary>
    public readonly int ImageLength => checked(Height * Width * Channels);

    /// <summary>Numbers of one image of the output.</summary>
    public readonly int OutImageLength => checked(OutHeight * OutWidth * OutChannels);

    /// <summary>Terms of the sum behind one number of the output.</summary>
    public readonly int KernelLength => checked(KernelHeight * KernelWidth * Channels);

    /// <summary>Numbers of the weights.</summary>
    public readonly int WeightLength => checked(KernelLength * OutChannels);

    /// <summary>
    /// A convolution that keeps inside the image, or one whose output is as large as its input
    /// divided by the stride, rounded up, with zeros around (more below and right when uneven).
    /// </summary>
    public static ConvolutionShape Create(
        int height,
        int width,
        int channels,
        int outChannels,
        int kernelHeight,
        int kernelWidth,
        int stride,
        bool isSame)
    {
        int outHeight = isSame
            ? (height + stride - 1) / stride : ((height - kernelHeight) / stride) + 1;
        int outWidth = isSame
            ? (width + stride - 1) / stride : ((width - kernelWidth) / stride) + 1;
        int extraHeight = ((outHeight - 1) * stride) + kernelHeight - height;
        int extraWidth = ((outWidth - 1) * stride) + kernelWidth - width;
        return new ConvolutionShape
        {
            Count = 1,
            Height = height,
            Width = width,
            Channels = channels,
            OutChannels = outChannels,
            KernelHeight = kernelHeight,
            KernelWidth = kernelWidth,
            Stride = stride,
            PadTop = isSame ? Math.Max(0, extraHeight / 2) : 0,
            PadLeft = isSame ? Math.Max(0, extraWidth / 2) : 0,
            OutHeight = outHeight,
            OutWidth = outWidth,
        };
    }

    /// <summary>
    /// A convolution with equally many zeros on all sides; above and below only where an image is
    /// more than one pixel high, or the kernel is.
    /// </summary>
    public static ConvolutionShape Padded(
        int height,
        int width,
        int channels,
        int outChannels,
        int kernelHeight,
        int kernelWidth,
        int stride,
        int pad)
    {
        int padTop = height == 1 && kernelHeight == 1 ? 0 : pad;
        ConvolutionShape shape = Create(
            height + (2 * padTop), width + (2 * pad), channels, outChannels, kernelHeight,
            kernelWidth, stride, isSame: false);
        return shape with { Height = height, Width = width, PadTop = padTop, PadLeft = pad };
    }

    /// <summary>The same convolution of so many images.</summary>
    public readonly ConvolutionShape Of(int count) => this with { Count = count };

    /// <summary>
    /// The convolution that gives the input gradient from the spread output gradient: kernel and
    /// image change places.
    /// </summary>
    public readonly ConvolutionShape Backward() => new()
    {
        Count = Count,
        Height = OutHeight,
        Width = OutWidth,
        Channels = OutChannels,
        OutChannels = Channels,
        KernelHeight = KernelHeight,
        KernelWidth = KernelWidth,
        Stride = 1,
        PadTop = KernelHeight - 1 - PadTop,
        PadLeft = KernelWidth - 1 - PadLeft,
        OutHeight = Height,
        OutWidth = Width,
    };
}
