namespace NeuroDb.Bench;

/// <summary>Vectors that an index is made of, and the kinds of queries that are asked.</summary>
/// <param name="Name">What the rows are.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Queries">
/// Queries by kind; the first is of the distribution of the rows, but none of them.
/// </param>
internal sealed record RecallSet(
    string Name, VectorFile Rows, (string Kind, VectorFile Vectors)[] Queries)
{
    /// <summary>
    /// A set of rows and held-out queries, with queries unlike the rows made of these: inverted,
    /// sparse, far away, noise of the same spread around the origin, means of two, near the mean of
    /// all, and of the largest element alone.
    /// </summary>
    public static RecallSet Of(string name, VectorFile rows, VectorFile like)
    {
        var random = new Random(5);
        double spread = Math.Sqrt(
            like.Vectors.Average(static element => (double)element * element));
        float[] mean = MeanOf(like);
        int[] largest = LargestOf(like);
        return new RecallSet(name, rows,
        [
            ("like", like),
            ("inverted", Changed(like, static (element, _) => -element)),
            ("sparse", Changed(like, (element, _) => random.Next(8) == 0 ? element : 0)),
            ("far", Changed(like, static (element, i) => 20 * element)),
            ("noise", Changed(
                like, (_, _) => (float)(spread * VectorDistributions.Normal(random)))),
            ("between", Changed(like, (element, i) => (element + like.Vectors[
                (((((i / like.Dimension) * 7) + 3) % like.Count) * like.Dimension)
                    + (i % like.Dimension)]) / 2)),
            ("mean", Changed(like, (element, i) =>
                (0.95f * mean[i % like.Dimension]) + (0.05f * element))),
            ("axis", Changed(like, (element, i) =>
                i % like.Dimension == largest[i / like.Dimension] ? element : 0)),
        ]);
    }

    /// <summary>
    /// The same rows asked in other ways, none of which calibration makes of rows: ten times and a
    /// tenth as long, next to the origin, uniform noise within the largest element, the mean of
    /// eight, elements in another order, one half of one and one of another, and near copies.
    /// </summary>
    public static RecallSet OfOtherKinds(string name, VectorFile rows, VectorFile like)
    {
        var random = new Random(6);
        int dimension = like.Dimension;
        float largest = like.Vectors.Max(MathF.Abs);
        int[] order = [.. Enumerable.Range(0, dimension)];
        random.Shuffle(order);
        float At(int i, int row) => like.Vectors[
            ((((i / dimension) + row) % like.Count) * dimension) + (i % dimension)];
        return new RecallSet(name, rows,
        [
            ("like", like),
            ("long", Changed(like, static (element, _) => 10 * element)),
            ("short", Changed(like, static (element, _) => element / 10)),
            ("origin", Changed(like, static (element, _) => element / 1000)),
            ("uniform", Changed(like, (_, _) => largest * ((2 * random.NextSingle()) - 1))),
            ("mean of 8", Changed(like, (_, i) => Enumerable.Range(0, 8)
                .Sum(row => At(i, 5 * row)) / 8)),
            ("shuffled", Changed(like, (_, i) =>
                like.Vectors[(i / dimension * dimension) + order[i % dimension]])),
            ("spliced", Changed(like, (element, i) =>
                i % dimension < dimension / 2 ? element : At(i, 3))),
            ("near row", new VectorFile(
                [.. rows.Vectors.Take(like.Vectors.Length)
                    .Select(element => element * (1 + (0.001f * (random.NextSingle() - 0.5f))))],
                dimension)),
        ]);
    }

    /// <summary>
    /// The same rows asked in further ways: sums and differences of two, rounded to halves of the
    /// spread, moved along all axes, cut off at half the spread, with one element fifty times as
    /// large, all elements about equal, without signs, one and a half times as long, and a row with
    /// a tenth of another.
    /// </summary>
    public static RecallSet OfFurtherKinds(string name, VectorFile rows, VectorFile like)
    {
        var random = new Random(7);
        int dimension = like.Dimension;
        double spread = Math.Sqrt(
            like.Vectors.Average(static element => (double)element * element));
        float At(int i, int row) => like.Vectors[
            ((((i / dimension) + row) % like.Count) * dimension) + (i % dimension)];
        return new RecallSet(name, rows,
        [
            ("like", like),
            ("sum", Changed(like, (element, i) => element + At(i, 11))),
            ("difference", Changed(like, (element, i) => element - At(i, 7))),
            ("rounded", Changed(like, (element, _) =>
                (float)(Math.Round(2 * element / spread) * spread / 2))),
            ("moved", Changed(like, (element, _) => (float)(element + spread))),
            ("cut off", Changed(like, (element, _) =>
                (float)Math.Clamp(element, -spread / 2, spread / 2))),
            ("one large", Changed(like, (element, i) =>
                i % dimension == i / dimension % dimension ? 50 * element : element)),
            ("level", Changed(like, (_, _) =>
                (float)(spread * (1 + (0.01 * VectorDistributions.Normal(random)))))),
            ("without signs", Changed(like, static (element, _) => MathF.Abs(element))),
            ("longer", Changed(like, static (element, _) => 1.5f * element)),
            ("mixed in", Changed(like, (element, i) => (0.9f * element) + (0.1f * At(i, 5)))),
        ]);
    }

    private static float[] MeanOf(VectorFile vectors)
    {
        var mean = new float[vectors.Dimension];
        for (int i = 0; i < vectors.Vectors.Length; i++)
        {
            mean[i % mean.Length] += vectors.Vectors[i] / vectors.Count;
        }

        return mean;
    }

    private static int[] LargestOf(VectorFile vectors)
    {
        var places = new int[vectors.Count];
        for (int i = 0; i < vectors.Vectors.Length; i++)
        {
            int row = i / vectors.Dimension;
            float known = vectors.Vectors[(row * vectors.Dimension) + places[row]];
            places[row] = MathF.Abs(vectors.Vectors[i]) > MathF.Abs(known)
                ? i % vectors.Dimension
                : places[row];
        }

        return places;
    }

    private static VectorFile Changed(VectorFile vectors, Func<float, int, float> change) =>
        new([.. vectors.Vectors.Select(change)], vectors.Dimension);
}
