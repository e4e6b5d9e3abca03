using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// The edges of a query, each pair of nodes once, divided into those that train and those that
/// judge. Nodes that have a vector are those of edges that train; their numbers come first.
/// </summary>
internal sealed class GraphData
{
    private const int NodesMax = 1 << 20;
    private const int EdgesMax = 1 << 26;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly List<(int From, int To, double Weight)> _edges = [];
    private readonly Dictionary<(int, int), int> _places = [];
    private readonly GraphSpec _spec;
    private SplitPart[] _parts = [];

    private GraphData(GraphSpec spec) => _spec = spec;

    /// <summary>The names of nodes; those of edges that train come first.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>How many nodes have edges that train.</summary>
    public int TrainedCount { get; private set; }

    /// <summary>Rows without a node, or with a weight that is not above 0.</summary>
    public long Rejected { get; private set; }

    /// <summary>Rows that repeat a pair; their weights add up.</summary>
    public long Repeated { get; private set; }

    /// <summary>All rows.</summary>
    public long RowCount { get; private set; }

    /// <summary>Which edge has which part, as a hash.</summary>
    public string SplitHash { get; private set; } = "";

    /// <summary>Which edges there are, as a hash.</summary>
    public string SnapshotHash { get; private set; } = "";

    /// <summary>Whether edges lead one way only.</summary>
    public bool IsDirected => _spec.IsDirected;

    /// <summary>Reads and divides the edges of a query.</summary>
    public static GraphData Read(ModelQuery query, GraphSpec spec, ModelSplit split)
    {
        var data = new GraphData(spec);
        int from = query.IndexOf(spec.Source);
        int to = query.IndexOf(spec.Destination);
        int weight = spec.Weight.Length == 0 ? -1 : query.IndexOf(spec.Weight);
        Invariant.Check(from >= 0 && to >= 0 && (weight >= 0 || spec.Weight.Length == 0));
        foreach (RowBatch batch in query.Read())
        {
            data.Add(batch, from, to, weight);
        }

        data.Divide(split);
        return data;
    }

    /// <summary>The edges of a part.</summary>
    public IReadOnlyList<(int From, int To, double Weight)> EdgesOf(SplitPart part) =>
        [.. _edges.Where((_, i) => _parts[i] == part)];

    /// <summary>How many edges a part has.</summary>
    public long CountOf(SplitPart part) => _parts.LongCount(it => it == part);

    /// <summary>Whether an edge of any part joins two nodes.</summary>
    public bool IsLinked(int from, int to) => _places.ContainsKey(PairOf(from, to));

    private (int From, int To) PairOf(int from, int to) =>
        _spec.IsDirected || from <= to ? (from, to) : (to, from);

    private void Add(RowBatch batch, int from, int to, int weight)
    {
        for (int row = 0; row < batch.Count; row++)
        {
            RowCount++;
            double weighs = weight < 0 ? 1 : ModelTarget.NumberOf(batch.Columns[weight], row);
            if (batch.Columns[from].IsNull(row) || batch.Columns[to].IsNull(row)
                || !double.IsFinite(weighs) || weighs <= 0)
            {
                Rejected++;
                continue;
            }

            (int, int) pair = PairOf(
                NumberOf(ValueText.Format(batch.Columns[from], row)),
                NumberOf(ValueText.Format(batch.Columns[to], row)));
            if (_places.TryGetValue(pair, out int place))
            {
                Repeated++;
                _edges[place] = _edges[place] with { Weight = _edges[place].Weight + weighs };
                continue;
            }

            _places.Add(pair, _edges.Count);
            _edges.Add((pair.Item1, pair.Item2, weighs));
            if (_edges.Count > EdgesMax)
            {
                throw TooMany(EdgesMax, "edges");
            }
        }
    }

    private int NumberOf(string name)
    {
        if (!_numbers.TryGetValue(name, out int number))
        {
            number = _names.Count;
            if (number >= NodesMax)
            {
                throw TooMany(NodesMax, "nodes");
            }

            _numbers.Add(name, number);
            _names.Add(name);
        }

        return number;
    }

    private static ResourceLimitException TooMany(int most, string what) => new(
        ErrorCode.ResourceLimit,
        string.Create(
            CultureInfo.InvariantCulture,
            $"There are more than {most} {what}; a graph embedding keeps them in memory. Leave "
            + $"the rare ones out."));

    private void Divide(ModelSplit split)
    {
        ulong[] keys = [.. _edges.Select(KeyOf)];
        _parts = new DataSplit(split.Validation, split.Test, split.Seed).Divide(
            split.Order is null ? SplitKind.Random : SplitKind.Ordered, keys);
        var hash = new SplitHash();
        hash.Add(keys, [.. _parts.Select(static part => (byte)part)]);
        SplitHash = hash.ToString();
        var snapshot = new SplitHash();
        snapshot.Add(keys);
        SnapshotHash = snapshot.ToString();
        Renumber();
    }

    private ulong KeyOf((int From, int To, double Weight) edge)
    {
        ulong from = Hash64.Of(_names[edge.From]);
        ulong to = Hash64.Of(_names[edge.To]);
        return _spec.IsDirected || from <= to
            ? Hash64.Combine(from, to) : Hash64.Combine(to, from);
    }

    // Nodes that train get the first numbers, so that no vector is kept for others.
    private void Renumber()
    {
        var isTrained = new bool[_names.Count];
        for (int i = 0; i < _edges.Count; i++)
        {
            if (_parts[i] == SplitPart.Train)
            {
                isTrained[_edges[i].From] = true;
                isTrained[_edges[i].To] = true;
            }
        }

        int[] order = [.. Enumerable.Range(0, _names.Count).OrderBy(node => !isTrained[node])];
        TrainedCount = isTrained.Count(static it => it);
        var numbers = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            numbers[order[i]] = i;
        }

        string[] names = [.. order.Select(node => _names[node])];
        _names.Clear();
        _names.AddRange(names);
        _places.Clear();
        for (int i = 0; i < _edges.Count; i++)
        {
            (int from, int to, double weight) = _edges[i];
            (from, to) = PairOf(numbers[from], numbers[to]);
            _edges[i] = (from, to, weight);
            _places.Add((from, to), i);
        }
    }
}
