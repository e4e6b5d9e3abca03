using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// The first right singular vectors of a sparse matrix, by block power iteration from random signs
/// (Halko, Martinsson and Tropp, "Finding Structure with Randomness", SIAM Review 53, 2011,
/// algorithms 4.4 and 5.1). Equal seeds give equal bits on any number of threads.
/// </summary>
/// <remarks>
/// Z = A^T A Z, made orthonormal after each step by the Cholesky factor of Z^T Z; then the
/// eigenvectors W of (A Z)^T (A Z) turn Z into the singular vectors Z W. A direction that the
/// matrix does not have is 0.
/// </remarks>
internal sealed class TruncatedDecomposition
{
    private const int Oversampling = 16;
    private const int Stripes = 16;
    private const int BlockRows = 512;
    private const double PivotMin = 1e-9;

    private readonly SparseMatrix _matrix;
    private readonly SparseMatrix _transposed;
    private readonly int _width;
    private readonly IWorkers _workers;

    private TruncatedDecomposition(SparseMatrix matrix, int width, IWorkers workers)
    {
        _matrix = matrix;
        _transposed = matrix.Transpose();
        _width = width;
        _workers = workers;
    }

    /// <summary>
    /// The vectors as columns of (columns of the matrix, rank), the singular values largest first.
    /// </summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="rank">How many.</param>
    /// <param name="iterations">How often the block is multiplied by the matrix.</param>
    /// <param name="seed">Of the random signs.</param>
    /// <param name="workers">The threads.</param>
    /// <param name="cancellationToken">Ends it between two steps.</param>
    public static (Memory<float> Vectors, double[] Values) Compute(
        SparseMatrix matrix,
        int rank,
        int iterations,
        ulong seed,
        IWorkers workers,
        CancellationToken cancellationToken = default)
    {
        int width = Math.Min(
            rank + Oversampling, Math.Min(matrix.RowCount, matrix.ColumnCount));
        return new TruncatedDecomposition(matrix, Math.Max(1, width), workers)
            .Run(rank, iterations, seed, cancellationToken);
    }

    private (Memory<float> Vectors, double[] Values) Run(
        int rank, int iterations, ulong seed, CancellationToken cancellationToken)
    {
        int units = _matrix.ColumnCount;
        Memory<float> block = AlignedMemory.Allocate<float>(checked(units * _width));
        Memory<float> image = AlignedMemory.Allocate<float>(checked(_matrix.RowCount * _width));
        for (int i = 0; i < block.Length; i++)
        {
            block.Span[i] = RandomSign.Of(seed, i);
        }

        for (int i = 0; i <= iterations; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _matrix.Multiply(block, _width, image, _workers);
            cancellationToken.ThrowIfCancellationRequested();
            _transposed.Multiply(image, _width, block, _workers);
            Orthonormalize(block, units);
        }

        // Once more, because the first time loses digits where directions are nearly equal.
        Orthonormalize(block, units);
        _matrix.Multiply(block, _width, image, _workers);
        (double[] values, double[] turns) =
            SymmetricEigen.Solve(Gram(image, _matrix.RowCount), _width);
        int found = Math.Min(rank, _width);
        var turn = new float[_width * rank];
        for (int k = 0; k < found; k++)
        {
            for (int j = 0; j < _width; j++)
            {
                turn[(j * rank) + k] = (float)turns[(k * _width) + j];
            }
        }

        Memory<float> vectors = AlignedMemory.Allocate<float>(checked(units * rank));
        MultiplyRows(block, turn, rank, vectors, units);
        return (
            vectors,
            [.. Enumerable.Range(0, rank).Select(
                k => k < found ? Math.Sqrt(Math.Max(0, values[k])) : 0)]);
    }

    /// <summary>The columns of a matrix (rows, width) are made orthonormal.</summary>
    private void Orthonormalize(Memory<float> block, int rows)
    {
        float[] inverse = InverseFactor(Gram(block, rows), _width);
        MultiplyRows(block, inverse, _width, block, rows);
    }

    /// <summary>Z^T Z, summed in stripes of a fixed number and in their order.</summary>
    private double[] Gram(ReadOnlyMemory<float> matrix, int rows)
    {
        var sums = new double[Stripes][];
        _workers.ForEach(Stripes, stripe =>
        {
            var sum = new double[_width * _width];
            var piece = new float[_width * _width];
            int end = (int)((long)rows * (stripe + 1) / Stripes);
            int begin = (int)((long)rows * stripe / Stripes);
            for (int start = begin; start < end; start += BlockRows)
            {
                int count = Math.Min(BlockRows, end - start);
                ReadOnlySpan<float> part =
                    matrix.Span.Slice(start * _width, count * _width);
                var shape = new MatrixShape(MatrixLayout.TransposedA, _width, _width, count);
                MatrixProduct.Compute(shape, part, part, piece);
                for (int i = 0; i < sum.Length; i++)
                {
                    sum[i] += piece[i];
                }
            }

            sums[stripe] = sum;
        });
        var total = new double[_width * _width];
        foreach (double[] sum in sums)
        {
            for (int i = 0; i < total.Length; i++)
            {
                total[i] += sum[i];
            }
        }

        return total;
    }

    /// <summary>target (rows, columns) = source (rows, width) turn (width, columns).</summary>
    private void MultiplyRows(
        ReadOnlyMemory<float> source, float[] turn, int columns, Memory<float> target, int rows)
    {
        int pieces = (rows + BlockRows - 1) / BlockRows;
        _workers.ForEach(pieces, piece =>
        {
            int start = piece * BlockRows;
            int count = Math.Min(BlockRows, rows - start);
            var result = new float[count * columns];
            MatrixProduct.Compute(
                new MatrixShape(MatrixLayout.Plain, count, columns, _width),
                source.Span.Slice(start * _width, count * _width),
                turn,
                result);
            result.CopyTo(target[(start * columns)..]);
        });
    }

    /// <summary>
    /// The inverse of the transposed Cholesky factor, upper triangular; a column whose pivot
    /// vanishes becomes 0, and with it that direction.
    /// </summary>
    private static float[] InverseFactor(double[] gram, int size)
    {
        double largest = 0;
        for (int i = 0; i < size; i++)
        {
            largest = Math.Max(largest, gram[(i * size) + i]);
        }

        var factor = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = gram[(i * size) + j];
                for (int k = 0; k < j; k++)
                {
                    sum -= factor[(i * size) + k] * factor[(j * size) + k];
                }

                double pivot = factor[(j * size) + j];
                factor[(i * size) + j] = i == j
                    ? sum > PivotMin * largest ? Math.Sqrt(sum) : 0
                    : pivot > 0 ? sum / pivot : 0;
            }
        }

        var inverse = new float[size * size];
        var column = new double[size];
        for (int j = 0; j < size; j++)
        {
            column.AsSpan().Clear();
            for (int i = j; i >= 0; i--)
            {
                double sum = i == j ? 1 : 0;
                for (int k = i + 1; k <= j; k++)
                {
                    sum -= factor[(k * size) + i] * column[k];
                }

                double pivot = factor[(i * size) + i];
                column[i] = pivot > 0 && factor[(j * size) + j] > 0 ? sum / pivot : 0;
                inverse[(i * size) + j] = (float)column[i];
            }
        }

        return inverse;
    }
}
