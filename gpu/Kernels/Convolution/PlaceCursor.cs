namespace NeuroDb.Gpu;

/// <summary>
/// Goes through the places of the output of a convolution, row by row, and says where the pixels
/// under the kernel begin.
/// </summary>
internal unsafe struct PlaceCursor
{
    private readonly nint _rowStep;
    private readonly nint _step;
    private readonly int _width;
    private float* _row;
    private int _column;

    /// <summary>A cursor at the first place of an image.</summary>
    public PlaceCursor(in ConvolutionShape shape, in ImageFrame frame, float* image)
    {
        _rowStep = (nint)frame.RowLength * shape.Stride;
        _step = (nint)shape.Stride * shape.Channels;
        _width = shape.OutWidth;
        _row = image;
    }

    /// <summary>Points the rows of a tile at the next places; those past a count repeat the
    /// first.</summary>
    public void SetRows(TileJob* job, int count)
    {
        if (_column + TileJob.RowCount <= _width)
        {
            job->SetRows(_row + (_column * _step), _step, count);
            Advance(count);
            return;
        }

        float** pixels = stackalloc float*[TileJob.RowCount];
        for (int i = 0; i < TileJob.RowCount; i++)
        {
            pixels[i] = i < count ? _row + (_column * _step) : pixels[0];
            Advance(i < count ? 1 : 0);
        }

        job->SetRows(pixels);
    }

    private void Advance(int count)
    {
        _column += count;
        if (_column >= _width)
        {
            _column = 0;
            _row += _rowStep;
        }
    }
}
