namespace NeuroDb.Gpu;

/// <summary>
/// An image as a convolution reads it: with zeros around, and between its pixels where it is
/// spread. Where nothing has to be added the image itself is read.
/// </summary>
internal readonly unsafe struct ImageFrame
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

    /// <summary>The first number of the framed image, valid until the next one is placed.</summary>
    public float* Place(float* image)
    {
        if (IsImageItself)
        {
            return image;
        }

        int length = _height * RowLength;
        float* framed = ConvolutionScratch.Image(length);
        new Span<float>(framed, length).Clear();
        int channels = _shape.Channels;
        for (int row = 0; row < _shape.Height; row++)
        {
            int to = (row * _spread) + _shape.PadTop;
            if (to < 0 || to >= _height)
            {
                continue;
            }

            float* target = framed + (to * RowLength);
            float* source = image + (row * _shape.Width * channels);
            if (_spread == 1 && _shape.PadLeft >= 0)
            {
                int pixels = Math.Min(_shape.Width, _width - _shape.PadLeft);
                new ReadOnlySpan<float>(source, pixels * channels).CopyTo(
                    new Span<float>(target + (_shape.PadLeft * channels), pixels * channels));
            }
            else
            {
                PlaceSpread(source, target);
            }
        }

        return framed;
    }

    private void PlaceSpread(float* source, float* target)
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
