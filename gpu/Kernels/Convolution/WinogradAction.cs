namespace NeuroDb.Gpu;

/// <summary>
/// A convolution by transforms that waits for its registers. Tiles of all images are taken in
/// blocks that stay in the second cache: their pixels are transformed, one matrix product is made
/// for each point of the transform, and the products are transformed to pixels of the output.
/// </summary>
internal readonly unsafe ref struct WinogradAction(
    ConvolutionShape shape,
    ReadOnlySpan<float> input,
    ReadOnlySpan<float> weights,
    Span<float> output,
    ReadOnlySpan<float> bias,
    bool isRectified) : IFloatAction
{
    private const int BlockFloats = 64 * 1024;
    private const int BlockTilesMax = 96;

    // Planes begin at different places of the first cache.
    private const int PlaneGap = 16;

    private readonly ReadOnlySpan<float> _input = input;
    private readonly ReadOnlySpan<float> _weights = weights;
    private readonly Span<float> _output = output;
    private readonly ReadOnlySpan<float> _bias = bias;

    private bool IsLine => shape.KernelHeight == 1;

    private int TileRows => IsLine ? 1 : 2;

    private int TilesAcross => (shape.OutWidth + 1) / 2;

    private int TilesDown => (shape.OutHeight + TileRows - 1) / TileRows;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int points = WinogradConvolution.PointsOf(shape);
        int width = WinogradConvolution.PaddedOut(shape);
        int room = BlockFloats / (points * (shape.Channels + width));
        int block = Math.Clamp(
            room / TileJob.RowCount * TileJob.RowCount, TileJob.RowCount, BlockTilesMax);
        nint pixelPlane = ((nint)block * shape.Channels) + PlaneGap;
        nint productPlane = ((nint)block * width) + PlaneGap;
        float* pixels = ConvolutionScratch.Tiles(
            checked((int)(points * (pixelPlane + productPlane))));
        float* products = pixels + (points * pixelPlane);
        var frame = new ImageFrame(
            shape with { OutWidth = 2 * TilesAcross, OutHeight = TileRows * TilesDown }, 1);
        int filled = 0;
        int start = 0;
        fixed (float* input = _input, weights = _weights, output = _output, bias = _bias)
        {
            for (int row = 0; row < shape.Count * TilesDown; row++)
            {
                int down = row % TilesDown;
                if (down == 0)
                {
                    frame.Place(input + ((nint)(row / TilesDown) * shape.ImageLength));
                }

                float* from = frame.Placed + ((nint)down * TileRows * frame.RowLength);
                for (int across = 0; across < TilesAcross;)
                {
                    int run = Math.Min(TilesAcross - across, block - filled);
                    Gather<TLanes, TVector>(
                        from + ((nint)across * 2 * shape.Channels),
                        frame.RowLength,
                        pixels + ((nint)filled * shape.Channels),
                        pixelPlane,
                        run);
                    across += run;
                    filled += run;
                    if (filled == block)
                    {
                        Multiply<TLanes, TVector>(
                            pixels, pixelPlane, weights, products, productPlane, filled);
                        Scatter<TLanes, TVector>(
                            products, productPlane, output, bias, start, filled);
                        start += filled;
                        filled = 0;
                    }
                }
            }

            Multiply<TLanes, TVector>(
                pixels, pixelPlane, weights, products, productPlane, filled);
            Scatter<TLanes, TVector>(products, productPlane, output, bias, start, filled);
        }
    }

    private void Gather<TLanes, TVector>(
        float* from, nint row, float* to, nint plane, int tiles)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        if (IsLine)
        {
            WinogradTile<TLanes, TVector>.GatherLine(from, shape.Channels, to, plane, tiles);
        }
        else
        {
            WinogradTile<TLanes, TVector>.Gather(from, row, shape.Channels, to, plane, tiles);
        }
    }

    private void Multiply<TLanes, TVector>(
        float* pixels,
        nint pixelPlane,
        float* weights,
        float* products,
        nint productPlane,
        int tiles)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int width = WinogradConvolution.PaddedOut(shape);
        int points = WinogradConvolution.PointsOf(shape);
        float* scratch = stackalloc float[TileJob.RowCount * 64];
        for (int point = 0; point < points; point++)
        {
            float* a = pixels + (point * pixelPlane);
            float* c = products + (point * productPlane);
            for (int at = 0; at < width;)
            {
                int registers = MatrixLoop<TLanes, TVector>.RegistersFor(width - at);
                var job = new TileJob
                {
                    Depth = shape.Channels,
                    Segments = 1,
                    StepA = 1,
                    B = weights + ((nint)point * shape.Channels * width) + at,
                    StepB = width,
                };
                TileJob next = job;
                for (int tile = 0; tile < tiles; tile += TileJob.RowCount)
                {
                    Point(&job, a, c + at, tile, tiles, scratch);
                    if (registers == 1 && tile + TileJob.RowCount < tiles)
                    {
                        tile += TileJob.RowCount;
                        Point(&next, a, c + at, tile, tiles, scratch);
                        TileLoop<TLanes, TVector>.RunPair1(&job, &next);
                    }
                    else
                    {
                        TileLoop<TLanes, TVector>.Run(&job, registers);
                    }
                }

                at += registers * TLanes.Count;
            }
        }
    }

    private void Point(TileJob* job, float* a, float* c, int tile, int tiles, float* scratch)
    {
        int width = WinogradConvolution.PaddedOut(shape);
        int count = Math.Min(TileJob.RowCount, tiles - tile);
        job->SetRows(a + ((nint)tile * shape.Channels), shape.Channels, count);
        job->SetResult(c + ((nint)tile * width), width, count, scratch);
    }

    private void Scatter<TLanes, TVector>(
        float* products, nint plane, float* output, float* bias, int start, int tiles)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int width = WinogradConvolution.PaddedOut(shape);
        int perImage = TilesAcross * TilesDown;
        nint row = (nint)shape.OutWidth * shape.OutChannels;
        for (int done = 0; done < tiles;)
        {
            int place = start + done;
            int down = place % perImage / TilesAcross * TileRows;
            int first = place % TilesAcross;
            int run = Math.Min(TilesAcross - first, tiles - done);
            float* from = products + ((nint)done * width);
            float* to = output + ((nint)(place / perImage) * shape.OutImageLength)
                + (down * row) + ((nint)first * 2 * shape.OutChannels);
            int pixels = Math.Min(2 * run, shape.OutWidth - (2 * first));
            if (IsLine)
            {
                WinogradTile<TLanes, TVector>.ScatterLine(
                    from, plane, width, to, shape.OutChannels, pixels, bias, isRectified);
            }
            else
            {
                WinogradTile<TLanes, TVector>.Scatter(
                    from,
                    plane,
                    width,
                    to,
                    down + 1 < shape.OutHeight ? row : 0,
                    shape.OutChannels,
                    pixels,
                    bias,
                    isRectified);
            }

            done += run;
        }
    }
}
