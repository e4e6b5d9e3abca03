using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuroDb.Gpu;

/// <summary>
/// Copies a stretch of B into a panel whose rows follow each other without gaps, zeros behind the
/// last column.
/// </summary>
internal static unsafe class PanelPacking
{
    private const int LineFloats = 16;

    /// <summary>Shapes: b as in its matrix, panel (depth, width).</summary>
    public static void Pack(
        float* b, MatrixShape shape, int depth, int columns, int width, float* panel)
    {
        if (shape.ColumnStepB == 1)
        {
            for (int k = 0; k < depth; k++)
            {
                var row = new Span<float>(panel + ((nint)k * width), width);
                new ReadOnlySpan<float>(b + ((nint)k * shape.StepB), columns).CopyTo(row);
                row[columns..].Clear();
            }

            return;
        }

        if (columns < width)
        {
            new Span<float>(panel, depth * width).Clear();
        }

        // One line of every row at a time, so that what is written stays in the first cache.
        for (int k = 0; k < depth; k += LineFloats)
        {
            Transpose(
                b + k,
                shape.ColumnStepB,
                columns,
                Math.Min(LineFloats, depth - k),
                panel + ((nint)k * width),
                width);
        }
    }

    /// <summary>to[j * toStep + i] = from[i * fromStep + j].</summary>
    /// <remarks>Blocks of four by four go through registers.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(
        float* from, nint fromStep, int rows, int columns, float* to, nint toStep)
    {
        int i = 0;
        for (; i + 4 <= rows; i += 4)
        {
            float* row = from + (i * fromStep);
            int j = 0;
            for (; j + 4 <= columns; j += 4)
            {
                Vector128<float> a = Vector128.Load(row + j);
                Vector128<float> b = Vector128.Load(row + fromStep + j);
                Vector128<float> c = Vector128.Load(row + (2 * fromStep) + j);
                Vector128<float> d = Vector128.Load(row + (3 * fromStep) + j);
                Vector128<float> ac = Low(a, c);
                Vector128<float> bd = Low(b, d);
                float* result = to + (j * toStep) + i;
                Low(ac, bd).Store(result);
                High(ac, bd).Store(result + toStep);
                ac = High(a, c);
                bd = High(b, d);
                Low(ac, bd).Store(result + (2 * toStep));
                High(ac, bd).Store(result + (3 * toStep));
            }

            for (; j < columns; j++)
            {
                for (int r = 0; r < 4; r++)
                {
                    to[(j * toStep) + i + r] = row[(r * fromStep) + j];
                }
            }
        }

        for (; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                to[(j * toStep) + i] = from[(i * fromStep) + j];
            }
        }
    }

    /// <summary>a0 b0 a1 b1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported
            ? Sse.UnpackLow(a, b)
            : Vector128.Create(a[0], b[0], a[1], b[1]);

    /// <summary>a2 b2 a3 b3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported
            ? Sse.UnpackHigh(a, b)
            : Vector128.Create(a[2], b[2], a[3], b[3]);
}
