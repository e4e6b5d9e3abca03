namespace NeuroDb.Neural;

/// <summary>
/// How much each member of an ensemble counts: weights that are not negative, add up to 1 and make
/// the squared error on rows that none of them trained on least (Breiman, "Stacked Regressions",
/// Machine Learning 24, 1996).
/// </summary>
internal static class EnsembleWeights
{
    private const int Passes = 5000;
    private const int PieceRows = 1024;

    /// <summary>
    /// The weights, and the mean squared error of each member and of all together.
    /// </summary>
    /// <param name="members">The members.</param>
    /// <param name="rows">The rows to choose by.</param>
    public static (float[] Weights, double[] Errors, double Together) Find(
        IReadOnlyList<Model> members, IExampleSource rows)
    {
        int count = members.Count;
        var products = new double[count, count];
        var right = new double[count];
        double truth = 0;
        long numbers = 0;
        foreach ((float[][] said, float[] wanted) in Read(members, rows))
        {
            for (int i = 0; i < wanted.Length; i++)
            {
                truth += (double)wanted[i] * wanted[i];
                for (int a = 0; a < count; a++)
                {
                    right[a] += (double)said[a][i] * wanted[i];
                    for (int b = 0; b <= a; b++)
                    {
                        products[a, b] += (double)said[a][i] * said[b][i];
                        products[b, a] = products[a, b];
                    }
                }
            }

            numbers += wanted.Length;
        }

        double[] weights = Solve(products, right);
        double ErrorOf(double[] of)
        {
            double error = truth;
            for (int a = 0; a < count; a++)
            {
                error -= 2 * of[a] * right[a];
                for (int b = 0; b < count; b++)
                {
                    error += of[a] * of[b] * products[a, b];
                }
            }

            return error / Math.Max(1, numbers);
        }

        double[] errors = [.. Enumerable.Range(0, count).Select(
            member => ErrorOf([.. Enumerable.Range(0, count).Select(
                other => other == member ? 1.0 : 0)]))];
        return ([.. weights.Select(static it => (float)it)], errors, ErrorOf(weights));
    }

    // Frank and Wolfe's steps to the best corner, of the best length each (Naval Research Logistics
    // 3, 1956): weights stay a mixture all the time.
    private static double[] Solve(double[,] products, double[] right)
    {
        int count = right.Length;
        double[] weights = [.. Enumerable.Repeat(1.0 / count, count)];
        var slopes = new double[count];
        for (int pass = 0; pass < Passes; pass++)
        {
            for (int a = 0; a < count; a++)
            {
                slopes[a] = -right[a];
                for (int b = 0; b < count; b++)
                {
                    slopes[a] += products[a, b] * weights[b];
                }
            }

            int corner = Array.IndexOf(slopes, slopes.Min());
            double gain = 0;
            double curve = 0;
            for (int a = 0; a < count; a++)
            {
                double way = (a == corner ? 1 : 0) - weights[a];
                gain -= slopes[a] * way;
                for (int b = 0; b < count; b++)
                {
                    curve += way * products[a, b] * ((b == corner ? 1 : 0) - weights[b]);
                }
            }

            if (gain <= 0 || curve <= 0)
            {
                break;
            }

            double length = Math.Min(1, gain / curve);
            for (int a = 0; a < count; a++)
            {
                weights[a] += length * ((a == corner ? 1 : 0) - weights[a]);
            }
        }

        return weights;
    }

    // What each member says of pieces of rows, and the truth, (rows, outputs).
    private static IEnumerable<(float[][] Said, float[] Wanted)> Read(
        IReadOnlyList<Model> members, IExampleSource rows)
    {
        int width = members[0].OutputCount;
        bool isClassifier = members[0].Task == ModelTask.Classifier;
        var features = new float[PieceRows * rows.FeatureCount];
        var targets = new float[PieceRows * rows.TargetCount];
        using IExampleReader reader = rows.Open(0);
        for (int count; (count = reader.Read(features, targets)) > 0;)
        {
            var said = new float[members.Count][];
            for (int member = 0; member < said.Length; member++)
            {
                said[member] = new float[count * width];
                members[member].Predict(
                    features.AsMemory(0, count * rows.FeatureCount), count, said[member]);
            }

            var wanted = new float[count * width];
            for (int row = 0; row < count; row++)
            {
                if (isClassifier)
                {
                    wanted[(row * width) + (int)targets[row]] = 1;
                }
                else
                {
                    targets.AsSpan(row * width, width).CopyTo(wanted.AsSpan(row * width));
                }
            }

            yield return (said, wanted);
        }
    }
}
