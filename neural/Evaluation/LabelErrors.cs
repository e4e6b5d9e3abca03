namespace NeuroDb.Neural;

/// <summary>
/// Finds rows whose label is probably wrong by confident learning (Northcutt, Jiang and Chuang,
/// "Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR 70, 2021, section 3): a row
/// belongs confidently to the likeliest of the classes whose probability is at least the mean of
/// that probability over the rows labelled so; where that is another class than its label, the
/// label is doubtful.
/// </summary>
internal static class LabelErrors
{
    /// <summary>
    /// The doubtful rows, the most doubtful first: those whose own probability is furthest below
    /// that of the class suggested.
    /// </summary>
    /// <param name="probabilities">
    /// (rows, classes) by models that did not train on the row.
    /// </param>
    /// <param name="labels">The class that each row is said to have.</param>
    /// <param name="classes">How many classes there are.</param>
    public static IReadOnlyList<DoubtfulLabel> Find(
        ReadOnlySpan<float> probabilities, ReadOnlySpan<int> labels, int classes)
    {
        double[] thresholds = ThresholdsOf(probabilities, labels, classes);
        var found = new List<DoubtfulLabel>();
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<float> own = probabilities.Slice(row * classes, classes);
            int suggested = -1;
            for (int i = 0; i < classes; i++)
            {
                if (own[i] >= thresholds[i] && (suggested < 0 || own[i] > own[suggested]))
                {
                    suggested = i;
                }
            }

            if (suggested >= 0 && suggested != labels[row])
            {
                found.Add(new DoubtfulLabel(
                    row, labels[row], suggested, own[labels[row]], own[suggested]));
            }
        }

        return [.. found
            .OrderBy(it => it.OwnProbability - it.SuggestedProbability)
            .ThenBy(it => it.Row)];
    }

    /// <summary>
    /// Probabilities of each row by a model that trained on the other folds; rows of a class go to
    /// the folds in turn, in an order that the seed shuffles.
    /// </summary>
    /// <param name="features">(rows, features).</param>
    /// <param name="labels">The class of each row.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="folds">How many parts the rows are cut into.</param>
    /// <param name="seed">What the folds depend on.</param>
    /// <param name="train">Trains on features and labels as numbers.</param>
    public static float[] CrossValidate(
        ReadOnlyMemory<float> features,
        ReadOnlyMemory<int> labels,
        int classes,
        int folds,
        ulong seed,
        Func<float[], float[], Model> train)
    {
        int rows = labels.Length;
        int width = rows == 0 ? 0 : features.Length / rows;
        int[] foldOf = FoldsOf(labels.Span, folds, seed);
        var probabilities = new float[rows * classes];
        for (int fold = 0; fold < folds; fold++)
        {
            int[] inside = [.. Enumerable.Range(0, rows).Where(row => foldOf[row] == fold)];
            int[] outside = [.. Enumerable.Range(0, rows).Where(row => foldOf[row] != fold)];
            if (inside.Length == 0)
            {
                continue;
            }

            Model model = train(
                Gather(features.Span, outside, width),
                [.. outside.Select(row => (float)labels.Span[row])]);
            var outputs = new float[inside.Length * classes];
            model.Predict(Gather(features.Span, inside, width), inside.Length, outputs);
            for (int i = 0; i < inside.Length; i++)
            {
                outputs.AsSpan(i * classes, classes)
                    .CopyTo(probabilities.AsSpan(inside[i] * classes));
            }
        }

        return probabilities;
    }

    private static double[] ThresholdsOf(
        ReadOnlySpan<float> probabilities, ReadOnlySpan<int> labels, int classes)
    {
        var sums = new double[classes];
        var counts = new long[classes];
        for (int row = 0; row < labels.Length; row++)
        {
            sums[labels[row]] += probabilities[(row * classes) + labels[row]];
            counts[labels[row]]++;
        }

        for (int i = 0; i < classes; i++)
        {
            // A class without rows is suggested to nobody.
            sums[i] = counts[i] == 0 ? double.PositiveInfinity : sums[i] / counts[i];
        }

        return sums;
    }

    private static int[] FoldsOf(ReadOnlySpan<int> labels, int folds, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, labels.Length)];
        ArrayExamples.Shuffle(order, seed);
        var next = new Dictionary<int, int>();
        var fold = new int[labels.Length];
        foreach (int row in order)
        {
            int turn = next.GetValueOrDefault(labels[row]);
            fold[row] = turn % folds;
            next[labels[row]] = turn + 1;
        }

        return fold;
    }

    private static float[] Gather(ReadOnlySpan<float> features, int[] rows, int width)
    {
        var gathered = new float[rows.Length * width];
        for (int i = 0; i < rows.Length; i++)
        {
            features.Slice(rows[i] * width, width).CopyTo(gathered.AsSpan(i * width));
        }

        return gathered;
    }
}
