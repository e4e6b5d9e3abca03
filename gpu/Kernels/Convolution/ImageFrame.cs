namespace NeuroDb.Gpu;

/// <summary>
/// An image as a convolution reads it: with zeros around, and between its pixels where it is
/// spread. Where nothing has to be added the image itself is read.
/// </summary>
internal unsafe struct ImageFrame
{
    private readonly ConvolutionShape _shape;
    private readonly int _spread;
    private readonly int _height;
    private readonly int _width;

    /// <summary>The frame of a convolution.</summary>
    public ImageFrame(ConvolutionShape shape, int spread)
    {
        _shape = shape;
        _spread = spread;
        _height = ((shape.OutHeight - 1) * shape.Stride) + shape.KernelHeight;
        _width = ((shape.OutWidth - 1) * shape.Stride) + shape.KernelWidth;
        IsImageItself = spread == 1 && shape.PadTop == 0 && shape.PadLeft == 0
            && _height <= shape.Height && _width <= shape.Width;
        RowLength = (IsImageItself ? shape.Width : _width) * shape.Channels;
    }

    /// <summary>Whether the image is read where it lies.</summary>
    public bool IsImageItself { get; }

    /// <summary>Floats from one row to the next.</summary>
    public int RowLength { get; }

    /// <summary>The image that was placed last.</summary>
    public float* Placed { get; private set; }

    /// <summary>The first number of the framed image, valid until the next one is placed.</summary>
    public float* Place(float* image)
    {
        Placed = IsImageItself ? image : Frame(image);
        return Placed;
    }

    private readonly float* Frame(float* image)
    {
        float* framed = ConvolutionScratch.Image(_height * RowLength);
        int channels = _shape.Channels;
        bool isCopied = _spread == 1 && _shape.PadLeft >= 0;
        int filled = 0;
        for (int row = 0; row < _shape.Height; row++)
        {
            int to = (row * _spread) + _shape.PadTop;
            if (to < 0 || to >= _height)
            {
                continue;
            }

            float* target = framed + (to * RowLength);
            float* source = image + (row * _shape.Width * channels);
            Clear(framed + (filled * RowLength), (to - filled) * RowLength);
            filled = to + 1;
            if (isCopied)
            {
                int left = _shape.PadLeft * channels;
                int length = Math.Min(_shape.Width * channels, RowLength - left);
                Clear(target, left);
                new ReadOnlySpan<float>(source, length).CopyTo(
                    new Span<float>(target + left, length));
                Clear(target + left + length, RowLength - left - length);
            }
            else
            {
                Clear(target, RowLength);
                PlaceSpread(source, target);
            }
        }

        Clear(framed + (filled * RowLength), (_height - filled) * RowLength);
        return framed;
    }

    private static void Clear(float* first, int length) =>
        new Span<float>(first, length).Clear();

    private readonly void PlaceSpread(float* source, float* target)
    {
        int channels = _shape.Channels;
        for (int pixel = 0; pixel < _shape.Width; pixel++)
        {
            int to = (pixel * _spread) + _shape.PadLeft;
            if (to >= 0 && to < _width)
            {
                new ReadOnlySpan<float>(source + (pixel * channels), channels).CopyTo(
                    new Span<float>(target + (to * channels), channels));
            }
        }
    }
}
