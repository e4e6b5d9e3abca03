namespace NeuroDb.Neural;

/// <summary>
/// A matrix of which nearly all numbers are 0, row by row. Immutable; products with dense matrices
/// give the same bits on any number of threads.
/// </summary>
/// <param name="starts">Where each row begins; one more for the end.</param>
/// <param name="columns">The column of each number that is not 0.</param>
/// <param name="values">The numbers.</param>
/// <param name="columnCount">Columns of the matrix.</param>
internal sealed class SparseMatrix(int[] starts, int[] columns, float[] values, int columnCount)
{
    private const int PieceRows = 256;

    /// <summary>Rows of the matrix.</summary>
    public int RowCount => starts.Length - 1;

    /// <summary>Columns of the matrix.</summary>
    public int ColumnCount { get; } = columnCount;

    /// <summary>The columns of the numbers of a row.</summary>
    public ReadOnlySpan<int> Columns(int row) => columns.AsSpan(starts[row]..starts[row + 1]);

    /// <summary>The numbers of a row.</summary>
    public ReadOnlySpan<float> Values(int row) => values.AsSpan(starts[row]..starts[row + 1]);

    /// <summary>
    /// The first and the second half of the numbers of each row that has at least four.
    /// </summary>
    public (SparseMatrix First, SparseMatrix Second) Halve()
    {
        const int Least = 4;
        var first = new SparseMatrixBuilder();
        var second = new SparseMatrixBuilder();
        for (int row = 0; row < RowCount; row++)
        {
            int length = starts[row + 1] - starts[row];
            if (length < Least)
            {
                continue;
            }

            for (int i = starts[row]; i < starts[row + 1]; i++)
            {
                (i - starts[row] < length / 2 ? first : second).Add(columns[i], values[i]);
            }

            first.EndRow();
            second.EndRow();
        }

        return (first.Build(ColumnCount), second.Build(ColumnCount));
    }

    /// <summary>The matrix with rows and columns in each other's place.</summary>
    public SparseMatrix Transpose()
    {
        var newStarts = new int[ColumnCount + 1];
        foreach (int column in columns)
        {
            newStarts[column + 1]++;
        }

        for (int i = 0; i < ColumnCount; i++)
        {
            newStarts[i + 1] += newStarts[i];
        }

        var next = newStarts[..^1];
        var newColumns = new int[columns.Length];
        var newValues = new float[values.Length];
        for (int row = 0; row < RowCount; row++)
        {
            for (int i = starts[row]; i < starts[row + 1]; i++)
            {
                int at = next[columns[i]]++;
                newColumns[at] = row;
                newValues[at] = values[i];
            }
        }

        return new SparseMatrix(newStarts, newColumns, newValues, RowCount);
    }

    /// <summary>result (rows, width) = this times dense (columns, width).</summary>
    public void Multiply(
        ReadOnlyMemory<float> dense, int width, Memory<float> result, IWorkers workers)
    {
        Invariant.Check(dense.Length == (long)ColumnCount * width);
        Invariant.Check(result.Length == (long)RowCount * width);
        int pieces = (RowCount + PieceRows - 1) / PieceRows;
        workers.ForEach(pieces, piece =>
        {
            ReadOnlySpan<float> source = dense.Span;
            int end = Math.Min(RowCount, (piece + 1) * PieceRows);
            for (int row = piece * PieceRows; row < end; row++)
            {
                Span<float> target = result.Span.Slice(row * width, width);
                target.Clear();
                for (int i = starts[row]; i < starts[row + 1]; i++)
                {
                    VectorArithmetic.AddScaled(
                        source.Slice(columns[i] * width, width), values[i], target);
                }
            }
        });
    }
}
