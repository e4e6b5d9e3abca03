using ILGPU;

namespace NeuroDb.Gpu;

/// <summary>
/// <see cref="MatrixProduct"/>, device form: a thread takes four neighbouring columns of a row.
/// </summary>
/// <remarks>Shapes as in <see cref="MatrixShape"/>; the bias is (columns) or has no use.</remarks>
internal static class MatrixProductKernel
{
    private const int Width = 4;

    /// <summary>The entry point; explicitly grouped.</summary>
    public static void Run(
        ArrayView<float> a,
        ArrayView<float> b,
        ArrayView<float> bias,
        ArrayView<float> c,
        MatrixShape shape,
        EpilogueFlags flags)
    {
        int groups = (shape.Columns + Width - 1) / Width;
        long count = (long)shape.Rows * groups;
        for (long i = DeviceGrid.First; i < count; i += DeviceGrid.Step)
        {
            int row = (int)(i / groups);
            int column = (int)(i % groups) * Width;
            long last = shape.Columns - 1;
            long step = shape.ColumnStepB;
            long b0 = column * step;
            long b1 = IntrinsicMath.Min(column + 1, last) * step;
            long b2 = IntrinsicMath.Min(column + 2, last) * step;
            long b3 = IntrinsicMath.Min(column + 3, last) * step;
            float sum0 = 0;
            float sum1 = 0;
            float sum2 = 0;
            float sum3 = 0;
            for (int k = 0; k < shape.Depth; k++)
            {
                float x = a[((long)row * shape.RowStepA) + ((long)k * shape.StepA)];
                long at = (long)k * shape.StepB;
                sum0 += x * b[at + b0];
                sum1 += x * b[at + b1];
                sum2 += x * b[at + b2];
                sum3 += x * b[at + b3];
            }

            Finish(c, bias, shape, flags, row, column, sum0);
            Finish(c, bias, shape, flags, row, column + 1, sum1);
            Finish(c, bias, shape, flags, row, column + 2, sum2);
            Finish(c, bias, shape, flags, row, column + 3, sum3);
        }
    }

    private static void Finish(
        ArrayView<float> c,
        ArrayView<float> bias,
        MatrixShape shape,
        EpilogueFlags flags,
        int row,
        int column,
        float sum)
    {
        if (column < shape.Columns)
        {
            long at = ((long)row * shape.Columns) + column;
            sum += (flags & EpilogueFlags.Added) != 0 ? c[at] : 0;
            sum += (flags & EpilogueFlags.Biased) != 0 ? bias[column] : 0;
            c[at] = (flags & EpilogueFlags.Rectified) != 0 ? IntrinsicMath.Max(sum, 0) : sum;
        }
    }
}
