using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Judges vectors of nodes by edges that were held back: the end of each must be more similar to
/// its beginning than nodes drawn evenly that no edge joins to it; beside what common neighbours
/// say.
/// </summary>
internal sealed class GraphJudge
{
    /// <summary>The name of the main metric.</summary>
    public const string Area = "link_auc";

    private const int Rivals = 100;
    private const int EdgesMax = 10_000;
    private const int DrawsMax = 20 * Rivals;
    private const int BestOf = 10;

    private readonly GraphData _data;
    private readonly NodeModel _model;
    private readonly int[] _nodes;
    private readonly LinkGuess _guess;

    /// <summary>A judge of a model whose nodes have these names.</summary>
    public GraphJudge(GraphData data, NodeModel model, IReadOnlyList<string> names)
    {
        Invariant.Check(names.Count == model.NodeCount);
        _data = data;
        _model = model;
        _nodes = NumbersOf(data.Names, names);
        _guess = new LinkGuess(new EdgeGraph(
            data.Names.Count, data.EdgesOf(SplitPart.Train), data.IsDirected));
    }

    /// <summary>How many edges were judged.</summary>
    public int Judged { get; private set; }

    /// <summary>Edges of the part with a node that has no vector.</summary>
    public int Cold { get; private set; }

    /// <summary>The metrics, the area first; none without edges to judge.</summary>
    public IReadOnlyList<JudgedMetric> Judge(SplitPart part, ulong seed)
    {
        (int From, int To, double Weight)[] edges =
            [.. _data.EdgesOf(part).Where(static it => it.From != it.To)];
        Cold = edges.Count(it => _nodes[it.From] < 0 || _nodes[it.To] < 0);
        edges = [.. edges.Where(it => _nodes[it.From] >= 0 && _nodes[it.To] >= 0)];
        int step = Math.Max(1, (edges.Length + EdgesMax - 1) / EdgesMax);
        edges = [.. edges.Where((_, i) => i % step == 0)];
        int[] known = [.. Enumerable.Range(0, _nodes.Length).Where(node => _nodes[node] >= 0)];
        var random = new SeededRandomSource(seed);
        var own = new List<(double Area, double Hit)>();
        var guessed = new List<(double Area, double Hit)>();
        foreach ((int from, int to, _) in edges)
        {
            int[] rivals = RivalsOf(from, to, known, random);
            if (rivals.Length > 0)
            {
                own.Add(Place(node => Similarity(from, node), to, rivals));
                guessed.Add(Place(node => _guess.Score(from, node), to, rivals));
            }
        }

        Judged = own.Count;
        return own.Count == 0 ? [] :
        [
            JudgedMetric.Paired(
                Area,
                [.. own.Select(static it => it.Area)],
                [.. guessed.Select(static it => it.Area)],
                seed),
            JudgedMetric.Beside(
                $"hits@{BestOf}",
                own.Average(static it => it.Hit),
                guessed.Average(static it => it.Hit),
                true),
            JudgedMetric.Alone("cold_edges", Cold, false),
        ];
    }

    private int[] RivalsOf(int from, int to, int[] known, SeededRandomSource random)
    {
        var rivals = new HashSet<int>();
        for (int draw = 0; draw < DrawsMax && rivals.Count < Rivals; draw++)
        {
            int node = known[(int)Math.BigMul(random.NextUInt64(), (ulong)known.Length, out _)];
            if (node != from && node != to && !_data.IsLinked(from, node))
            {
                rivals.Add(node);
            }
        }

        return [.. rivals];
    }

    // The share of rivals that are behind, equal ones half; and whether few are before.
    private static (double Area, double Hit) Place(
        Func<int, double> score, int node, int[] rivals)
    {
        double own = score(node);
        double behind = 0;
        double before = 0;
        foreach (int rival in rivals)
        {
            double other = score(rival);
            behind += other < own ? 1 : other == own ? 0.5 : 0;
            before += other > own ? 1 : other == own ? 0.5 : 0;
        }

        return (behind / rivals.Length, before < BestOf ? 1 : 0);
    }

    private double Similarity(int from, int to)
    {
        ReadOnlySpan<float> first = _model.VectorOf(_nodes[from]).Span;
        ReadOnlySpan<float> second = _model.VectorOf(_nodes[to]).Span;
        double lengths = Math.Sqrt(Product(first, first) * Product(second, second));
        return lengths > 0 ? Product(first, second) / lengths : 0;
    }

    private static double Product(ReadOnlySpan<float> first, ReadOnlySpan<float> second) =>
        Neural.VectorArithmetic.Dot(first, second);

    private static int[] NumbersOf(IReadOnlyList<string> names, IReadOnlyList<string> known)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < known.Count; i++)
        {
            numbers.TryAdd(known[i], i);
        }

        return [.. names.Select(name => numbers.GetValueOrDefault(name, -1))];
    }
}
