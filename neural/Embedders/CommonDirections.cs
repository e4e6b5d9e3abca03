using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// The directions that the vectors of all texts have in common, which say nothing of one text
/// (Arora et al., ICLR 2017, algorithm 1; Mu and Viswanath, "All-but-the-Top", ICLR 2018).
/// </summary>
internal static class CommonDirections
{
    private const int TextsMax = 20_000;

    /// <summary>
    /// The first right singular vectors of the matrix of texts, (directions, width); null for none.
    /// </summary>
    /// <param name="texts">(texts, units) with their weights.</param>
    /// <param name="rows">(units, width).</param>
    /// <param name="width">The length of the vectors.</param>
    /// <param name="count">How many directions.</param>
    public static Tensor? Find(
        SparseMatrix texts, ReadOnlyMemory<float> rows, int width, int count)
    {
        count = Math.Min(count, width - 1);
        if (count <= 0)
        {
            return null;
        }

        double[] moments = Moments(texts, rows.Span, width);
        (_, double[] vectors) = SymmetricEigen.Solve(moments, width);
        Tensor tensor = Tensor.Create("common", count, width);
        for (int i = 0; i < tensor.Data.Length; i++)
        {
            tensor.Data.Span[i] = (float)vectors[i];
        }

        return tensor;
    }

    // sum e e^T of texts e of length 1, of every n-th text where there are many.
    private static double[] Moments(SparseMatrix texts, ReadOnlySpan<float> rows, int width)
    {
        const int Piece = 256;
        var sums = new double[width * width];
        var product = new float[width * width];
        var vectors = new float[Piece * width];
        int step = Math.Max(1, texts.RowCount / TextsMax);
        int filled = 0;
        for (int text = 0; text < texts.RowCount; text += step)
        {
            Span<float> vector = vectors.AsSpan(filled * width, width);
            vector.Clear();
            ReadOnlySpan<int> columns = texts.Columns(text);
            ReadOnlySpan<float> values = texts.Values(text);
            for (int i = 0; i < columns.Length; i++)
            {
                VectorArithmetic.AddScaled(
                    rows.Slice(columns[i] * width, width), values[i], vector);
            }

            VectorArithmetic.Normalize(vector);
            filled++;
            if (filled == Piece || text + step >= texts.RowCount)
            {
                ReadOnlySpan<float> part = vectors.AsSpan(0, filled * width);
                MatrixProduct.Compute(
                    new MatrixShape(MatrixLayout.TransposedA, width, width, filled),
                    part,
                    part,
                    product);
                for (int i = 0; i < sums.Length; i++)
                {
                    sums[i] += product[i];
                }

                filled = 0;
            }
        }

        return sums;
    }
}
