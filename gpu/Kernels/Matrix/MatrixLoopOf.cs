using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>
/// The loops around the tiles of a matrix product: blocks of depth whose stretch of B fits the
/// second cache, panels of B as wide as a tile, rows of A six by six.
/// </summary>
internal static unsafe class MatrixLoop<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    private const int DepthMax = 256;
    private const int ColumnsMax = 512;
    private const int RowsMax = 96;
    private const int ColumnsToPackA = 256;

    // Rows of A that lie close together do not drive each other out of the first cache.
    private const int DepthToPackA = 192;
    private const int TileFloatsMax = TileJob.RowCount * 64;

    // B is read in place where few rows pass by, or where its rows are short enough that a panel
    // does not spread over many pages.
    private const int RowsInPlaceMax = 24;
    private const int ColumnsInPlaceMax = 128;

    [ThreadStatic]
    private static Memory<float> _panels;

    /// <summary>Runs the product.</summary>
    public static void Run(MatrixShape shape, in MatrixOperands operands)
    {
        if (shape.Columns == 1 && shape.Layout == MatrixLayout.Plain)
        {
            DotLoop<TLanes, TVector>.Run(shape, operands);
            return;
        }

        if (shape.Depth == 0)
        {
            RunBlock(shape, operands, 0, 0, 0, shape.Columns);
            return;
        }

        for (int column = 0; column < shape.Columns; column += ColumnsMax)
        {
            int columns = Math.Min(ColumnsMax, shape.Columns - column);
            int step = StepOf(shape.Depth);
            for (int start = 0; start < shape.Depth; start += step)
            {
                int depth = Math.Min(step, shape.Depth - start);
                RunBlock(shape, operands, start, depth, column, columns);
            }
        }
    }

    /// <summary>Blocks of even size, so that no short one is left over.</summary>
    private static int StepOf(int depth)
    {
        int blocks = (depth + DepthMax - 1) / DepthMax;
        return (depth + blocks - 1) / blocks;
    }

    private static void RunBlock(
        MatrixShape shape,
        in MatrixOperands operands,
        int start,
        int depth,
        int column,
        int columns)
    {
        bool inPlace = shape.Layout != MatrixLayout.TransposedB
            && (shape.Rows <= RowsInPlaceMax || shape.Columns <= ColumnsInPlaceMax);
        float* panels = Panels();
        float* b = operands.B + ((nint)start * shape.StepB) + ((nint)column * shape.ColumnStepB);
        if (!inPlace)
        {
            PackPanels(shape, b, depth, columns, panels);
        }

        bool isLast = start + depth == shape.Depth;
        for (int row = 0; row < shape.Rows; row += RowsMax)
        {
            int rows = Math.Min(RowsMax, shape.Rows - row);
            var block = new RowBlockOfA(
                operands.A + ((nint)start * shape.StepA) + ((nint)row * shape.RowStepA),
                shape.RowStepA,
                shape.StepA);
            if (columns >= ColumnsToPackA && shape.Depth >= DepthToPackA)
            {
                block.Pack(rows, depth, panels + (DepthMax * (ColumnsMax + 64)));
            }

            for (int at = 0; at < columns;)
            {
                int registers = RegistersFor(columns - at);
                int width = Math.Min(columns - at, registers * TLanes.Count);
                var job = new TileJob
                {
                    Depth = depth,
                    Segments = 1,
                    StepA = block.Step,
                    StepB = inPlace ? shape.Columns : registers * TLanes.Count,
                    B = inPlace ? b + at : panels + (at * depth),
                    Bias = isLast && operands.Bias != null ? operands.Bias + column + at : null,
                    IsAdded = operands.IsAdded || start > 0,
                    IsRectified = isLast && operands.IsRectified,
                };
                if (inPlace && width < registers * TLanes.Count)
                {
                    job.StepB = registers * TLanes.Count;
                    PanelPacking.Pack(job.B, shape, depth, width, (int)job.StepB, panels);
                    job.B = panels;
                }

                float* c = operands.C + ((nint)row * shape.Columns) + column + at;
                RunPanel(ref job, shape, block, c, rows, registers, width);
                at += width;
            }
        }
    }

    private static void PackPanels(
        MatrixShape shape, float* b, int depth, int columns, float* panels)
    {
        for (int at = 0; at < columns;)
        {
            int width = RegistersFor(columns - at) * TLanes.Count;
            int filled = Math.Min(width, columns - at);
            PanelPacking.Pack(
                b + ((nint)at * shape.ColumnStepB),
                shape,
                depth,
                filled,
                width,
                panels + (at * depth));
            at += filled;
        }
    }

    [SkipLocalsInit]
    private static void RunPanel(
        ref TileJob job,
        MatrixShape shape,
        RowBlockOfA a,
        float* c,
        int rowCount,
        int registers,
        int width)
    {
        float* scratch = stackalloc float[TileFloatsMax];
        bool isWhole = width == registers * TLanes.Count;
        fixed (TileJob* tile = &job)
        {
            for (int row = 0; row < rowCount; row += TileJob.RowCount)
            {
                int rows = Math.Min(TileJob.RowCount, rowCount - row);
                tile->SetRows(a.First + (row * a.RowStep), a.RowStep, rows);
                float* result = c + ((nint)row * shape.Columns);
                if (isWhole)
                {
                    tile->SetResult(result, shape.Columns, rows, scratch);
                    TileLoop<TLanes, TVector>.Run(tile, registers);
                }
                else
                {
                    RunEdge(tile, result, shape.Columns, rows, registers, width, scratch);
                }
            }
        }
    }

    /// <summary>A tile wider than the result: it is made beside it and copied.</summary>
    public static void RunEdge(
        TileJob* job, float* c, nint stride, int rows, int registers, int width, float* scratch)
    {
        int tileWidth = registers * TLanes.Count;
        TileJob beside = *job;
        beside.SetBeside(scratch, tileWidth);
        TileLoop<TLanes, TVector>.Run(&beside, registers);
        FinishEdge(job, scratch, tileWidth, c, stride, rows, width);
    }

    /// <summary>Brings rows of a tile beside the result into it.</summary>
    public static void FinishEdge(
        TileJob* job, float* tile, int tileWidth, float* c, nint stride, int rows, int width)
    {
        bool isAdded = job->IsAdded;
        bool isRectified = job->IsRectified;
        for (int at = 0; at < width; at += TLanes.Count)
        {
            int count = Math.Min(TLanes.Count, width - at);
            TVector bias = job->Bias == null
                ? default : TLanes.LoadPartial(job->Bias + at, count);
            for (int row = 0; row < rows; row++)
            {
                float* to = c + (row * stride) + at;
                TVector sum = TLanes.Load(tile + (row * tileWidth) + at);
                sum = isAdded ? TLanes.Add(sum, TLanes.LoadPartial(to, count)) : sum;
                sum = TLanes.Add(sum, bias);
                sum = isRectified ? TLanes.Maximum(sum, default) : sum;

                // What a whole register writes past its row, the next rows write over.
                if (!isAdded && stride == width && width <= TLanes.Count
                    && (rows - row) * width >= TLanes.Count)
                {
                    TLanes.Store(sum, to);
                }
                else
                {
                    TLanes.StorePartial(sum, to, count);
                }
            }
        }
    }

    /// <summary>How many registers side by side the next tile of so many columns has.</summary>
    public static int RegistersFor(int columns)
    {
        int registers = (columns + TLanes.Count - 1) / TLanes.Count;
        return registers >= 4 && TileLoop<TLanes, TVector>.WidestTile == 4 ? 4
            : registers >= 2 ? 2 : 1;
    }

    private static float* Panels()
    {
        if (_panels.IsEmpty)
        {
            _panels = AlignedMemory.Allocate<float>(
                (DepthMax * (ColumnsMax + 64)) + ((DepthMax + 64) * RowsMax));
        }

        // The memory is pinned for as long as it lives, and this thread keeps it.
        return (float*)Unsafe.AsPointer(ref _panels.Span[0]);
    }
}
