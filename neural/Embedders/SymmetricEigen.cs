namespace NeuroDb.Neural;

/// <summary>
/// Eigenvalues and eigenvectors of a small symmetric matrix by rotations of pairs of rows (Golub
/// and Van Loan, Matrix Computations, 4th edition, section 8.5, the cyclic Jacobi method).
/// </summary>
internal static class SymmetricEigen
{
    private const int SweepsMax = 30;
    private const double Tolerance = 1e-22;

    /// <summary>
    /// The eigenvalues, largest first, and the vectors as rows (size, size). The matrix is used up.
    /// </summary>
    public static (double[] Values, double[] Vectors) Solve(double[] matrix, int size)
    {
        Invariant.Check(matrix.Length == size * size);
        var vectors = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            vectors[(i * size) + i] = 1;
        }

        double total = matrix.Sum(static it => it * it);
        for (int sweep = 0; sweep < SweepsMax && OffDiagonal(matrix, size) > Tolerance * total;
            sweep++)
        {
            for (int p = 0; p < size - 1; p++)
            {
                for (int q = p + 1; q < size; q++)
                {
                    Rotate(matrix, vectors, size, p, q);
                }
            }
        }

        int[] order =
        [
            .. Enumerable.Range(0, size).OrderByDescending(i => matrix[(i * size) + i])
                .ThenBy(static i => i),
        ];
        var values = new double[size];
        var sorted = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            values[i] = matrix[(order[i] * size) + order[i]];
            vectors.AsSpan(order[i] * size, size).CopyTo(sorted.AsSpan(i * size));
        }

        return (values, sorted);
    }

    private static double OffDiagonal(double[] matrix, int size)
    {
        double sum = 0;
        for (int i = 0; i < size; i++)
        {
            for (int j = i + 1; j < size; j++)
            {
                sum += 2 * matrix[(i * size) + j] * matrix[(i * size) + j];
            }
        }

        return sum;
    }

    // J^T A J makes the numbers at (p, q) and (q, p) 0. The matrix is kept whole, so that both
    // halves are rows that lie together.
    private static void Rotate(double[] matrix, double[] vectors, int size, int p, int q)
    {
        double between = matrix[(p * size) + q];
        if (between == 0)
        {
            return;
        }

        double first = matrix[(p * size) + p];
        double second = matrix[(q * size) + q];
        double tau = (second - first) / (2 * between);
        double tangent = Math.CopySign(1, tau) / (Math.Abs(tau) + Math.Sqrt(1 + (tau * tau)));
        double cosine = 1 / Math.Sqrt(1 + (tangent * tangent));
        double sine = tangent * cosine;
        Turn(matrix.AsSpan(p * size, size), matrix.AsSpan(q * size, size), cosine, sine);
        for (int i = 0; i < size; i++)
        {
            matrix[(i * size) + p] = matrix[(p * size) + i];
            matrix[(i * size) + q] = matrix[(q * size) + i];
        }

        matrix[(p * size) + p] = first - (tangent * between);
        matrix[(q * size) + q] = second + (tangent * between);
        matrix[(p * size) + q] = 0;
        matrix[(q * size) + p] = 0;
        Turn(vectors.AsSpan(p * size, size), vectors.AsSpan(q * size, size), cosine, sine);
    }

    private static void Turn(Span<double> first, Span<double> second, double cosine, double sine)
    {
        for (int i = 0; i < first.Length; i++)
        {
            double left = first[i];
            double right = second[i];
            first[i] = (cosine * left) - (sine * right);
            second[i] = (sine * left) + (cosine * right);
        }
    }
}
