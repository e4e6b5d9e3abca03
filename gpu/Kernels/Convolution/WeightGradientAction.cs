namespace NeuroDb.Gpu;

/// <summary>
/// The gradient of a convolution's weights: a product of the shifted images, transposed, with the
/// output gradient. A few rows of the output at a time stay in the first cache while all taps of
/// the kernel pass by.
/// </summary>
internal readonly unsafe ref struct WeightGradientAction(
    ConvolutionShape shape,
    ReadOnlySpan<float> input,
    ReadOnlySpan<float> outputGradient,
    Span<float> weightGradient) : IFloatAction
{
    private const int BlockFloatsMax = 5 * 1024;

    private readonly ReadOnlySpan<float> _input = input;
    private readonly ReadOnlySpan<float> _outputGradient = outputGradient;
    private readonly Span<float> _weightGradient = weightGradient;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var frame = new ImageFrame(shape, 1);
        fixed (float* input = _input, gradient = _outputGradient, result = _weightGradient)
        {
            int rowLength = shape.OutWidth * Math.Min(shape.OutChannels, 64);
            int rowsMax = Math.Max(1, BlockFloatsMax / rowLength);
            for (int image = 0; image < shape.Count; image++)
            {
                float* framed = frame.Place(input + ((nint)image * shape.ImageLength));
                float* dy = gradient + ((nint)image * shape.OutImageLength);
                for (int row = 0; row < shape.OutHeight; row += rowsMax)
                {
                    int rows = Math.Min(rowsMax, shape.OutHeight - row);
                    float* a = framed + ((nint)row * shape.Stride * frame.RowLength);
                    float* b = dy + ((nint)row * shape.OutWidth * shape.OutChannels);
                    RunBlock<TLanes, TVector>(frame, a, b, rows, result);
                }
            }
        }
    }

    private void RunBlock<TLanes, TVector>(
        ImageFrame frame, float* a, float* b, int rows, float* result)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int depth = rows * shape.OutWidth;
        var matrix = new MatrixShape(MatrixLayout.Plain, 1, shape.OutChannels, depth);
        for (int at = 0; at < shape.OutChannels;)
        {
            int rest = shape.OutChannels - at;
            int registers = MatrixLoop<TLanes, TVector>.RegistersFor(rest);
            int width = Math.Min(rest, registers * TLanes.Count);
            var job = new TileJob
            {
                Depth = shape.OutWidth,
                Segments = rows,
                StepA = shape.Stride * shape.Channels,
                JumpA = (frame.RowLength - (shape.OutWidth * shape.Channels)) * shape.Stride,
                B = b + at,
                StepB = shape.OutChannels,
                IsAdded = true,
            };
            if (width < registers * TLanes.Count)
            {
                job.StepB = registers * TLanes.Count;
                job.B = ConvolutionScratch.Panels(depth * (int)job.StepB);
                PanelPacking.Pack(b + at, matrix, depth, width, (int)job.StepB, job.B);
            }

            RunTaps<TLanes, TVector>(&job, frame, a, result + at, registers, width);
            at += width;
        }
    }

    private void RunTaps<TLanes, TVector>(
        TileJob* job, ImageFrame frame, float* a, float* result, int registers, int width)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        float* scratch = stackalloc float[TileJob.RowCount * 64];
        float** taps = stackalloc float*[TileJob.RowCount];
        int stretch = shape.KernelWidth * shape.Channels;
        for (int tap = 0; tap < shape.KernelLength; tap += TileJob.RowCount)
        {
            int count = Math.Min(TileJob.RowCount, shape.KernelLength - tap);
            for (int i = 0; i < TileJob.RowCount; i++)
            {
                int place = i < count ? tap + i : tap;
                taps[i] = a + (place / stretch * frame.RowLength) + (place % stretch);
            }

            job->SetRows(taps);
            float* c = result + ((nint)tap * shape.OutChannels);
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
