using System.Runtime.Intrinsics;

namespace NeuroDb.Neural;

/// <summary>
/// Grows the trees of a boosting, depth by depth, over histograms of gradients (Chen and Guestrin,
/// "XGBoost", KDD 2016, section 2). A leaf says G / (H + lambda), a split gains G^2 / (H + lambda)
/// on both sides less that of the whole. Rows are counted on the smaller side of a split only; the
/// other side is what is left of the whole (Ke et al., "LightGBM", NIPS 2017, section 2.1). Not for
/// several threads at a time.
/// </summary>
internal sealed class BoostingGrower
{
    // The least second derivative of a leaf, below which Newton's step is no longer one.
    private const double WeightMin = 1e-3;
    private const long ParallelCountsMin = 1 << 18;

    private readonly BinnedFeatures _features;
    private readonly TreeOptions _options;
    private readonly int _leafRowsMin;
    private readonly IWorkers _workers;
    private readonly int[] _starts;
    private readonly int[] _rows;
    private readonly int[] _behind;
    private readonly Vector128<float>[] _gradients;
    private readonly Vector128<float>[] _ordered;
    private readonly Stack<Vector256<double>[]> _free = new();
    private TreeNodes _nodes = new(1);
    private Boosting? _boosting;
    private int _output;

    /// <summary>A grower for rows whose gradients change from tree to tree.</summary>
    public BoostingGrower(BinnedFeatures features, TreeOptions options, IWorkers workers)
    {
        _features = features;
        _options = options;
        _leafRowsMin = options.LeafRowsMin ?? 1;
        _workers = workers;
        _starts = new int[features.ColumnCount + 1];
        for (int i = 0; i < features.ColumnCount; i++)
        {
            _starts[i + 1] = _starts[i] + features.BinCount(i);
        }

        _rows = new int[features.RowCount];
        _behind = new int[features.RowCount];
        _gradients = new Vector128<float>[features.RowCount];
        _ordered = new Vector128<float>[features.RowCount];
    }

    /// <summary>The next tree of an output; what its leaves say is added to the scores.</summary>
    public TreeNodes Grow(Boosting boosting, int output)
    {
        _nodes = new TreeNodes(1);
        _boosting = boosting;
        _output = output;
        boosting.Gradients(output, _gradients);
        var total = Vector256<double>.Zero;
        for (int i = 0; i < _rows.Length; i++)
        {
            _rows[i] = i;
            total += Widen(_gradients[i]);
        }

        int root = _nodes.AddLeaf();
        _nodes.Roots.Add(root);
        var whole = new BoostingNode(root, 0, 0, _rows.Length, total);
        if (!CanSplit(whole))
        {
            EndLeaf(whole);
            return _nodes;
        }

        Vector256<double>[] cells = Rent();
        Count(whole, cells);
        Split(whole, cells);
        return _nodes;
    }

    private bool CanSplit(in BoostingNode node) =>
        node.Depth < _options.DepthMax && node.Count >= 2 * _leafRowsMin;

    /// <summary>Splits a node whose histogram is given and owns it from then on.</summary>
    private void Split(in BoostingNode node, Vector256<double>[] cells)
    {
        BoostingSplit best = BestSplit(cells, node.Total);
        if (best.Column < 0)
        {
            _free.Push(cells);
            EndLeaf(node);
            return;
        }

        _nodes.Gains[best.Column] = _nodes.Gains.GetValueOrDefault(best.Column) + best.Gain;
        int child = _nodes.Split(node.Ordinal, best.Column, _features.Edge(best.Column, best.Bin));
        int before = Partition(
            _rows.AsSpan(node.First, node.Count), _features.Bins(best.Column), best.Bin);
        var small = new BoostingNode(child, node.Depth + 1, node.First, before, best.Left);
        var large = new BoostingNode(
            child + 1,
            node.Depth + 1,
            node.First + before,
            node.Count - before,
            node.Total - best.Left);
        (small, large) = small.Count <= large.Count ? (small, large) : (large, small);
        if (!CanSplit(large))
        {
            _free.Push(cells);
            EndLeaf(small);
            EndLeaf(large);
            return;
        }

        Vector256<double>[] counted = Rent();
        Count(small, counted);
        for (int i = 0; i < cells.Length; i++)
        {
            cells[i] -= counted[i];
        }

        if (CanSplit(small))
        {
            Split(small, counted);
        }
        else
        {
            _free.Push(counted);
            EndLeaf(small);
        }

        Split(large, cells);
    }

    private void EndLeaf(in BoostingNode node)
    {
        float value = (float)(_options.LearningRate
            * (node.Total[0] / Math.Max(node.Total[1] + _options.LeafPenalty, WeightMin)));
        _nodes.Values[node.Ordinal] = value;
        _boosting!.Add(_output, _rows.AsSpan(node.First, node.Count), value);
    }

    private BoostingSplit BestSplit(Vector256<double>[] cells, Vector256<double> total)
    {
        double whole = Score(total);
        var best = new BoostingSplit(
            -1, 0, Math.Max(1e-9, Math.Abs(whole) * 1e-9), Vector256<double>.Zero);
        for (int column = 0; column < _features.ColumnCount; column++)
        {
            Vector256<double> left = Vector256<double>.Zero;
            int bins = _features.BinCount(column);
            for (int bin = 0; bin < bins - 1; bin++)
            {
                Vector256<double> cell = cells[_starts[column] + bin];
                left += cell;
                if (cell[2] == 0 || left[2] < _leafRowsMin)
                {
                    continue;
                }

                Vector256<double> right = total - left;
                if (right[2] < _leafRowsMin)
                {
                    break;
                }

                double gain = Score(left) + Score(right) - whole;
                if (gain > best.Gain && left[1] >= WeightMin && right[1] >= WeightMin)
                {
                    best = new BoostingSplit(column, bin, gain, left);
                }
            }
        }

        return best;
    }

    private double Score(Vector256<double> sums) =>
        sums[0] * sums[0] / Math.Max(sums[1] + _options.LeafPenalty, WeightMin);

    /// <summary>Sums of gradients, second derivatives and ones, bin by bin.</summary>
    private void Count(in BoostingNode node, Vector256<double>[] cells)
    {
        ReadOnlySpan<int> rows = _rows.AsSpan(node.First, node.Count);
        for (int i = 0; i < rows.Length; i++)
        {
            _ordered[i] = _gradients[rows[i]];
        }

        int columns = _features.ColumnCount;
        (int first, int count) = (node.First, node.Count);
        if ((long)count * columns >= ParallelCountsMin)
        {
            _workers.ForEach(columns, column => Count(first, count, column, cells));
            return;
        }

        for (int column = 0; column < columns; column++)
        {
            Count(first, count, column, cells);
        }
    }

    private void Count(int first, int count, int column, Vector256<double>[] cells)
    {
        Span<Vector256<double>> ofColumn =
            cells.AsSpan(_starts[column], _features.BinCount(column));
        ofColumn.Clear();
        ReadOnlySpan<byte> bins = _features.Bins(column);
        ReadOnlySpan<int> rows = _rows.AsSpan(first, count);
        ReadOnlySpan<Vector128<float>> ordered = _ordered.AsSpan(0, count);
        for (int i = 0; i < rows.Length; i++)
        {
            ofColumn[bins[rows[i]]] += Widen(ordered[i]);
        }
    }

    /// <summary>Rows of bins up to one come first, all in their order.</summary>
    private int Partition(Span<int> rows, ReadOnlySpan<byte> bins, int bin)
    {
        int before = 0;
        int behind = 0;
        foreach (int row in rows)
        {
            // Both are written and one is kept, because which one cannot be foretold.
            int isBehind = bins[row] > bin ? 1 : 0;
            rows[before] = row;
            _behind[behind] = row;
            before += 1 - isBehind;
            behind += isBehind;
        }

        _behind.AsSpan(0, behind).CopyTo(rows[before..]);
        return before;
    }

    private Vector256<double>[] Rent() =>
        _free.TryPop(out Vector256<double>[]? cells) ? cells : new Vector256<double>[_starts[^1]];

    private static Vector256<double> Widen(Vector128<float> numbers) =>
        Vector256.WidenLower(numbers.ToVector256Unsafe());
}
