namespace NeuroDb.Gpu;

/// <summary>
/// C = A B, or C += A B; then C += bias in each row and C = max(C, 0), if asked for. Single
/// precision, one thread.
/// </summary>
/// <remarks>
/// The loops around a tile held in registers follow Goto and van de Geijn, "Anatomy of
/// High-Performance Matrix Multiplication", ACM TOMS 34 (2008), section 4: a stretch of B stays in
/// the cache while the rows of A pass by. A is never copied, because a tile reads single numbers
/// of it. An empty depth gives zeros; NaN goes where arithmetic takes it.
/// </remarks>
internal static class MatrixProduct
{
    /// <summary>The definition, in double precision. Shapes: <see cref="MatrixShape"/>.</summary>
    public static void ComputeScalar(
        MatrixShape shape,
        ReadOnlySpan<float> a,
        ReadOnlySpan<float> b,
        Span<double> c)
    {
        for (int i = 0; i < shape.Rows; i++)
        {
            for (int j = 0; j < shape.Columns; j++)
            {
                double sum = 0;
                for (int k = 0; k < shape.Depth; k++)
                {
                    sum += (double)a[(i * shape.RowStepA) + (k * shape.StepA)]
                        * b[(k * shape.StepB) + (j * shape.ColumnStepB)];
                }

                c[(i * shape.Columns) + j] = sum;
            }
        }
    }

    /// <summary>The product, with the widest registers.</summary>
    public static void Compute(
        MatrixShape shape,
        ReadOnlySpan<float> a,
        ReadOnlySpan<float> b,
        Span<float> c,
        ProductEpilogue epilogue = default) =>
        Compute(shape, a, b, c, epilogue, VectorWidths.Widest);

    /// <summary>The product, with registers of a width.</summary>
    public static void Compute(
        MatrixShape shape,
        ReadOnlySpan<float> a,
        ReadOnlySpan<float> b,
        Span<float> c,
        ProductEpilogue epilogue,
        VectorWidth width)
    {
        if (a.Length != shape.LengthA || b.Length != shape.LengthB || c.Length != shape.LengthC
            || (!epilogue.Bias.IsEmpty && epilogue.Bias.Length != shape.Columns))
        {
            throw new ArgumentException(
                $"A product of ({shape.Rows}, {shape.Depth}) and ({shape.Depth}, "
                + $"{shape.Columns}) does not fit {a.Length}, {b.Length} and {c.Length} numbers.");
        }

        var action = new MatrixAction(shape, a, b, c, epilogue);
        FloatDispatch.Run(width, ref action);
    }
}
