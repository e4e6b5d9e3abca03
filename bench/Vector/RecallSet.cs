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
    /// sparse, far away, and noise of the same spread around the origin.
    /// </summary>
    public static RecallSet Of(string name, VectorFile rows, VectorFile like)
    {
        var random = new Random(5);
        double spread = Math.Sqrt(
            like.Vectors.Average(static element => (double)element * element));
        return new RecallSet(name, rows,
        [
            ("like", like),
            ("inverted", Changed(like, static (element, _) => -element)),
            ("sparse", Changed(like, (element, _) => random.Next(8) == 0 ? element : 0)),
            ("far", Changed(like, static (element, i) => 20 * element)),
            ("noise", Changed(
                like, (_, _) => (float)(spread * VectorDistributions.Normal(random)))),
        ]);
    }

    private static VectorFile Changed(VectorFile vectors, Func<float, int, float> change) =>
        new([.. vectors.Vectors.Select(change)], vectors.Dimension);
}
