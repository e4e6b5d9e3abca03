namespace NeuroDb.Neural;

/// <summary>
/// Walks along the edges of a graph that tend to come back, to stay near or to go far (Grover and
/// Leskovec, "node2vec", KDD 2016, section 3.2): a step from v, to which t led, goes to x with the
/// weight of the edge, divided by p if x is t, and by q if no edge leads from t to x.
/// </summary>
/// <remarks>
/// A step is drawn by the weights alone and kept with the probability of its factor over the
/// largest one, which gives the same shares without tables for each pair (Yang et al.,
/// "KnightKing", SOSP 2019, section 4). With p = q = 1 these are the walks of DeepWalk.
/// </remarks>
/// <param name="graph">The graph.</param>
/// <param name="length">Nodes of a walk at most.</param>
/// <param name="comesBack">p.</param>
/// <param name="goesFar">q.</param>
/// <param name="seed">What all draws depend on.</param>
internal sealed class GraphWalks(
    EdgeGraph graph, int length, double comesBack, double goesFar, ulong seed)
{
    private const int AttemptsMax = 1000;

    private readonly double _most = Math.Max(1, Math.Max(1 / comesBack, 1 / goesFar));

    /// <summary>A walk from every node, in an order of its own for each pass.</summary>
    public SparseMatrix Walk(int pass, CancellationToken cancellationToken)
    {
        const int Pause = 1024;
        var random = new SeededRandomSource(Hash64.Combine(seed, (ulong)pass));
        int[] order = [.. Enumerable.Range(0, graph.NodeCount)];
        var walks = new SparseMatrixBuilder();
        for (int i = order.Length - 1; i >= 0; i--)
        {
            if (i % Pause == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            int other = (int)Math.BigMul(random.NextUInt64(), (ulong)(i + 1), out _);
            (order[i], order[other]) = (order[other], order[i]);
            Walk(order[i], random, walks);
        }

        return walks.Build(graph.NodeCount);
    }

    private void Walk(int start, SeededRandomSource random, SparseMatrixBuilder walks)
    {
        int before = -1;
        int at = start;
        for (int step = 0; step < length && at >= 0; step++)
        {
            walks.Add(at, 1);
            int next = Step(before, at, random);
            (before, at) = (at, next);
        }

        walks.EndRow();
    }

    private int Step(int before, int at, SeededRandomSource random)
    {
        int next = graph.Draw(at, Unit(random));
        bool isPlain = before < 0 || (comesBack == 1 && goesFar == 1);
        for (int attempt = 0; next >= 0 && !isPlain && attempt < AttemptsMax; attempt++)
        {
            double factor = next == before ? 1 / comesBack
                : graph.IsLinked(before, next) ? 1 : 1 / goesFar;
            if (Unit(random) * _most < factor)
            {
                break;
            }

            next = graph.Draw(at, Unit(random));
        }

        return next;
    }

    private static double Unit(SeededRandomSource random) =>
        (random.NextUInt64() >> 11) * (1.0 / (1UL << 53));
}
