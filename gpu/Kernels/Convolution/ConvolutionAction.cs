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
        float* scratch = stackalloc float[TileJob.RowCount * 64];
        float** pixels = stackalloc float*[TileJob.RowCount];
        int places = shape.OutHeight * shape.OutWidth;
        bool isMatrix = frame.IsImageItself && shape.KernelWidth * shape.KernelHeight == 1
            && shape.Stride == 1;
        int row = 0;
        int column = 0;
        for (int place = 0; place < places; place += TileJob.RowCount)
        {
            int count = Math.Min(TileJob.RowCount, places - place);
            for (int i = 0; i < TileJob.RowCount && !isMatrix; i++)
            {
                pixels[i] = i < count
                    ? image + (row * frame.RowLength * shape.Stride)
                        + (column * shape.Stride * shape.Channels)
                    : pixels[0];
                column++;
                row += column == shape.OutWidth ? 1 : 0;
                column = column == shape.OutWidth ? 0 : column;
            }

            if (isMatrix)
            {
                job->SetRows(image + ((nint)place * shape.Channels), shape.Channels, count);
            }
            else
            {
                job->SetRows(pixels);
            }

            float* c = result + ((nint)place * shape.OutChannels);
            if (width == registers * TLanes.Count)
            {
                job->SetResult(c, shape.OutChannels, count, scratch);
                TileLoop<TLanes, TVector>.Run(job, registers);
            }
            else
            {
                MatrixLoop<TLanes, TVector>.RunEdge(
                    job, c, shape.OutChannels, count, registers, width, scratch);
            }
        }
    }
}
