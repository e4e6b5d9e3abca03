namespace NeuroDb.Neural;

/// <summary>
/// Nodes and the edges between them, for walks: the neighbours of each node in the order of their
/// numbers, with their weights added up. Immutable.
/// </summary>
internal sealed class EdgeGraph
{
    private readonly int[] _starts;
    private readonly int[] _neighbours;
    private readonly double[] _reached;
    private readonly double[] _weights;

    /// <summary>A graph of edges.</summary>
    /// <param name="nodes">How many nodes there are.</param>
    /// <param name="edges">The edges, each pair once; weights above 0.</param>
    /// <param name="isDirected">Whether edges lead one way only.</param>
    public EdgeGraph(
        int nodes, IReadOnlyList<(int From, int To, double Weight)> edges, bool isDirected)
    {
        _starts = new int[nodes + 1];
        _weights = new double[nodes];
        foreach ((int from, int to, double weight) in edges)
        {
            _starts[from + 1]++;
            _weights[from] += weight;
            _weights[to] += weight;
            if (!isDirected && from != to)
            {
                _starts[to + 1]++;
            }
        }

        for (int i = 0; i < nodes; i++)
        {
            _starts[i + 1] += _starts[i];
        }

        _neighbours = new int[_starts[^1]];
        _reached = new double[_starts[^1]];
        int[] next = _starts[..^1];
        foreach ((int from, int to, double weight) in edges)
        {
            Add(next, from, to, weight);
            if (!isDirected && from != to)
            {
                Add(next, to, from, weight);
            }
        }

        for (int node = 0; node < nodes; node++)
        {
            int count = _starts[node + 1] - _starts[node];
            Array.Sort(_neighbours, _reached, _starts[node], count);
            for (int i = _starts[node] + 1; i < _starts[node + 1]; i++)
            {
                _reached[i] += _reached[i - 1];
            }
        }
    }

    /// <summary>How many nodes there are.</summary>
    public int NodeCount => _starts.Length - 1;

    /// <summary>The weight of the edges at a node, whichever way they lead.</summary>
    public double WeightOf(int node) => _weights[node];

    /// <summary>The nodes that edges of a node lead to, by number.</summary>
    public ReadOnlySpan<int> NeighboursOf(int node) =>
        _neighbours.AsSpan(_starts[node].._starts[node + 1]);

    /// <summary>Whether an edge leads from a node to another.</summary>
    public bool IsLinked(int from, int to) => NeighboursOf(from).BinarySearch(to) >= 0;

    /// <summary>A neighbour drawn by the weights of the edges; -1 for none.</summary>
    /// <param name="node">The node.</param>
    /// <param name="place">A number from 0 to below 1.</param>
    public int Draw(int node, double place)
    {
        ReadOnlySpan<double> reached = _reached.AsSpan(_starts[node].._starts[node + 1]);
        if (reached.IsEmpty)
        {
            return -1;
        }

        int at = reached.BinarySearch(place * reached[^1]);
        at = at >= 0 ? at + 1 : ~at;
        return _neighbours[_starts[node] + Math.Min(at, reached.Length - 1)];
    }

    private void Add(int[] next, int from, int to, double weight)
    {
        _neighbours[next[from]] = to;
        _reached[next[from]++] = weight;
    }
}
