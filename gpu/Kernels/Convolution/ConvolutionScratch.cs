using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>Memory that a thread keeps for images with zeros around and turned weights.</summary>
internal static unsafe class ConvolutionScratch
{
    [ThreadStatic]
    private static Memory<float> _image;

    [ThreadStatic]
    private static Memory<float> _weights;

    [ThreadStatic]
    private static Memory<float> _panels;

    [ThreadStatic]
    private static Memory<float> _tiles;

    [ThreadStatic]
    private static Memory<float> _transformed;

    /// <summary>Room for an image; what it holds is what was left there.</summary>
    public static float* Image(int length) => Room(ref _image, length);

    /// <summary>Room for panels.</summary>
    public static float* Panels(int length) => Room(ref _panels, length);

    /// <summary>Room for transformed tiles.</summary>
    public static float* Tiles(int length) => Room(ref _tiles, length);

    /// <summary>Room for transformed weights.</summary>
    public static Span<float> Transformed(int length) =>
        new(Room(ref _transformed, length), length);

    /// <summary>
    /// Weights (kernel height, kernel width, out, in), the kernel turned by half a circle.
    /// </summary>
    public static Span<float> Turned(ConvolutionShape shape, ReadOnlySpan<float> weights)
    {
        float* turned = Room(ref _weights, weights.Length);
        int taps = shape.KernelHeight * shape.KernelWidth;
        int length = shape.Channels * shape.OutChannels;
        fixed (float* from = weights)
        {
            for (int tap = 0; tap < taps; tap++)
            {
                PanelPacking.Transpose(
                    from + (tap * length),
                    shape.OutChannels,
                    shape.Channels,
                    shape.OutChannels,
                    turned + ((taps - 1 - tap) * length),
                    shape.Channels);
            }
        }

        return new Span<float>(turned, weights.Length);
    }

    private static float* Room(ref Memory<float> memory, int length)
    {
        if (memory.Length < length)
        {
            memory = AlignedMemory.Allocate<float>(length);
        }

        // The memory is pinned for as long as it lives, and this thread keeps it.
        return (float*)Unsafe.AsPointer(ref memory.Span[0]);
    }
}
