namespace NeuroDb.Neural;

/// <summary>
/// Linear regression in closed form: the normal equations of the centered features by Cholesky's
/// factorization, in double precision, with a small ridge where columns depend on each other.
/// </summary>
internal static class LinearSolver
{
    /// <summary>The widest problem that is solved at once.</summary>
    public const int FeatureCountMax = 2000;

    private const double RelativeRidge = 1e-10;

    /// <summary>Weights (features) and bias that make the sum of squares least.</summary>
    /// <param name="features">(rows, features).</param>
    /// <param name="targets">(rows).</param>
    /// <param name="ridge">Added to the diagonal, times the number of rows.</param>
    public static (double[] Weights, double Bias) Solve(
        ReadOnlySpan<float> features, ReadOnlySpan<float> targets, double ridge = 0)
    {
        int rows = targets.Length;
        if (rows == 0)
        {
            throw NeuralErrors.UntrainableData("There are no rows to train on.");
        }

        int columns = features.Length / rows;
        double[] means = new double[columns];
        double meanTarget = 0;
        for (int i = 0; i < features.Length; i++)
        {
            means[i % columns] += features[i] / (double)rows;
        }

        foreach (float target in targets)
        {
            meanTarget += target / (double)rows;
        }

        var matrix = new double[columns, columns];
        var right = new double[columns];
        var centered = new double[columns];
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < columns; i++)
            {
                centered[i] = features[(row * columns) + i] - means[i];
                right[i] += centered[i] * (targets[row] - meanTarget);
                for (int j = 0; j <= i; j++)
                {
                    matrix[i, j] += centered[i] * centered[j];
                }
            }
        }

        double trace = 0;
        for (int i = 0; i < columns; i++)
        {
            trace += matrix[i, i];
        }

        double added = (ridge * rows) + (RelativeRidge * trace / Math.Max(1, columns)) + 1e-300;
        double[] weights = SolveSymmetric(matrix, right, added);
        double bias = meanTarget;
        for (int i = 0; i < columns; i++)
        {
            bias -= weights[i] * means[i];
        }

        return (weights, bias);
    }

    private static double[] SolveSymmetric(double[,] matrix, double[] right, double added)
    {
        int n = right.Length;
        var solution = new double[n];
        for (int i = 0; i < n; i++)
        {
            matrix[i, i] += added;
            for (int j = 0; j <= i; j++)
            {
                double sum = matrix[i, j];
                for (int k = 0; k < j; k++)
                {
                    sum -= matrix[i, k] * matrix[j, k];
                }

                matrix[i, j] = i == j ? Math.Sqrt(Math.Max(sum, added)) : sum / matrix[j, j];
            }

            double forward = right[i];
            for (int k = 0; k < i; k++)
            {
                forward -= matrix[i, k] * solution[k];
            }

            solution[i] = forward / matrix[i, i];
        }

        for (int i = n - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < n; k++)
            {
                solution[i] -= matrix[k, i] * solution[k];
            }

            solution[i] /= matrix[i, i];
        }

        return solution;
    }
}
