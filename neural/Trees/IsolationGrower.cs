namespace NeuroDb.Neural;

/// <summary>
/// Grows a tree of random splits down to single rows or the depth of a balanced tree. The value of
/// a leaf is its depth, plus that of the tree which its rows would still make.
/// </summary>
internal sealed class IsolationGrower(ReadOnlyMemory<float> features, int columns, ulong seed)
{
    private const double Euler = 0.5772156649015329;

    private readonly SeededRandomSource _random = new(seed);
    private readonly TreeNodes _nodes = new(1);

    /// <summary>The mean depth of a search in a random tree of so many rows.</summary>
    public static double PathLength(int rows) => rows <= 1
        ? 0
        : rows == 2 ? 1
        : (2 * (Math.Log(rows - 1) + Euler)) - (2.0 * (rows - 1) / rows);

    /// <summary>The tree of these rows.</summary>
    public TreeNodes Grow(int[] rows)
    {
        int root = _nodes.AddLeaf();
        _nodes.Roots.Add(root);
        int depthMax = Math.Max(1, (int)Math.Ceiling(Math.Log2(Math.Max(2, rows.Length))));
        Grow(rows, root, 0, depthMax);
        return _nodes;
    }

    private void Grow(int[] rows, int node, int depth, int depthMax)
    {
        _nodes.Values[node] = (float)(depth + PathLength(rows.Length));
        if (depth >= depthMax || rows.Length <= 1)
        {
            return;
        }

        int start = (int)Math.BigMul(_random.NextUInt64(), (ulong)columns, out _);
        for (int i = 0; i < columns; i++)
        {
            int column = (start + i) % columns;
            (float low, float high) = RangeOf(rows, column);
            if (!(low < high))
            {
                continue;
            }

            double place = low + (Initializer.Uniform(_random) * ((double)high - low));
            float threshold = (float)place < high ? (float)place : low;
            int left = _nodes.Split(node, column, threshold);
            ILookup<bool, int> sides = rows.ToLookup(row => At(row, column) > threshold);
            Grow([.. sides[false]], left, depth + 1, depthMax);
            Grow([.. sides[true]], left + 1, depth + 1, depthMax);
            return;
        }
    }

    private float At(int row, int column) => features.Span[(row * columns) + column];

    private (float Low, float High) RangeOf(int[] rows, int column)
    {
        float low = float.PositiveInfinity;
        float high = float.NegativeInfinity;
        foreach (int row in rows)
        {
            low = Math.Min(low, At(row, column));
            high = Math.Max(high, At(row, column));
        }

        return (low, high);
    }
}
