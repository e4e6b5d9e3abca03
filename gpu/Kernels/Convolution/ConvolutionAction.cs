namespace NeuroDb.Gpu;

/// <summary>
/// A convolution that waits for its registers. Its input may be spread: each pixel stands so many
/// pixels from the next, with zeros between.
/// </summary>
internal readonly unsafe ref struct ConvolutionAction(
    ConvolutionShape shape,
    int spread,
    ReadOnlySpan<float> input,
    ReadOnlySpan<float> weights,
    Span<float> output,
    ProductEpilogue epilogue) : IFloatAction
{
    private readonly ReadOnlySpan<float> _input = input;
    private readonly ReadOnlySpan<float> _weights = weights;
    private readonly Span<float> _output = output;
    private readonly ProductEpilogue _epilogue = epilogue;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var frame = new ImageFrame(shape, spread);
        fixed (float* input = _input, weights = _weights, output = _output, bias = _epilogue.Bias)
        {
            float* panels = weights;
            bool isPacked = shape.OutChannels % TLanes.Count != 0;
            if (isPacked)
            {
                panels = ConvolutionScratch.Panels(
                    shape.KernelLength * (shape.OutChannels + TLanes.Count));
                Pack<TLanes, TVector>(weights, panels);
            }

            for (int image = 0; image < shape.Count; image++)
            {
                float* framed = frame.Place(input + ((nint)image * shape.ImageLength));
                float* result = output + ((nint)image * shape.OutImageLength);
                RunImage<TLanes, TVector>(frame, framed, panels, isPacked, bias, result);
            }
        }
    }

    private void Pack<TLanes, TVector>(float* weights, float* panels)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var matrix = new MatrixShape(MatrixLayout.Plain, 1, shape.OutChannels, shape.KernelLength);
        for (int at = 0; at < shape.OutChannels;)
        {
            int rest = shape.OutChannels - at;
            int width = MatrixLoop<TLanes, TVector>.RegistersFor(rest) * TLanes.Count;
            int filled = Math.Min(width, rest);
            PanelPacking.Pack(
                weights + at,
                matrix,
                shape.KernelLength,
                filled,
                width,
                panels + (at * shape.KernelLength));
            at += filled;
        }
    }

    private void RunImage<TLanes, TVector>(
        ImageFrame frame,
        float* image,
        float* panels,
        bool isPacked,
        float* bias,
        float* result)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        for (int at = 0; at < shape.OutChannels;)
        {
            int rest = shape.OutChannels - at;
            int registers = MatrixLoop<TLanes, TVector>.RegistersFor(rest);
            int width = Math.Min(rest, registers * TLanes.Count);
            var job = new TileJob
            {
                Depth = shape.KernelWidth * shape.Channels,
                Segments = shape.KernelHeight,
                StepA = 1,
                JumpA = frame.RowLength - (shape.KernelWidth * shape.Channels),
                B = isPacked ? panels + (at * shape.KernelLength) : panels + at,
                StepB = isPacked ? registers * TLanes.Count : shape.OutChannels,
                Bias = bias == null ? null : bias + at,
                IsAdded = _epilogue.IsAdded,
                IsRectified = _epilogue.IsRectified,
            };
            RunPanel<TLanes, TVector>(&job, frame, image, result + at, registers, width);
            at += width;
        }
    }

    private void RunPanel<TLanes, TVector>(
        TileJob* job, ImageFrame frame, float* image, float* result, int registers, int width)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        const int TileFloats = TileJob.RowCount * 64;
        float* scratch = stackalloc float[2 * TileFloats];
        TileJob* jobs = stackalloc TileJob[2];
        jobs[0] = *job;
        jobs[1] = *job;
        int places = shape.OutHeight * shape.OutWidth;
        bool isWhole = width == registers * TLanes.Count;
        nint tileWidth = registers * TLanes.Count;
        int tiles = registers == 1 ? 2 : 1;
        var cursor = new PlaceCursor(shape, frame, image);
        for (int place = 0; place < places;)
        {
            int filled = 0;
            int first = place;
            for (; filled < tiles && place < places; filled++)
            {
                int count = Math.Min(TileJob.RowCount, places - place);
                TileJob* tile = jobs + filled;
                cursor.SetRows(tile, count);
                float* c = result + ((nint)place * shape.OutChannels);
                float* spare = scratch + (filled * TileFloats);
                if (isWhole)
                {
                    tile->SetResult(c, shape.OutChannels, count, spare);
                }
                else
                {
                    tile->SetBeside(spare, tileWidth);
                }

                place += count;
            }

            if (filled == 2)
            {
                TileLoop<TLanes, TVector>.RunPair1(jobs, jobs + 1);
            }
            else
            {
                TileLoop<TLanes, TVector>.Run(jobs, registers);
            }

            if (!isWhole)
            {
                Finish<TLanes, TVector>(
                    job, scratch, first, place - first, width, (int)tileWidth, result);
            }
        }
    }

    // Rows of a tile that is wider than the result; the tiles of a pair lie at their distance.
    private void Finish<TLanes, TVector>(
        TileJob* job,
        float* scratch,
        int place,
        int count,
        int width,
        int tileWidth,
        float* result)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        for (int row = 0; row < count; row += TileJob.RowCount)
        {
            MatrixLoop<TLanes, TVector>.FinishEdge(
                job,
                scratch + (row * 64),
                tileWidth,
                result + ((nint)(place + row) * shape.OutChannels),
                shape.OutChannels,
                Math.Min(TileJob.RowCount, count - row),
                width);
        }
    }
}
