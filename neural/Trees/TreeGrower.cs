namespace NeuroDb.Neural;

/// <summary>
/// Grows one tree over binned features (Chen and Guestrin, "XGBoost", KDD 2016, section 2 and
/// 3.3). Each row has a weight h and a sum s for each output; a leaf says sum(s) / (sum(h) +
/// lambda), and a split gains sum(s)^2 / (sum(h) + lambda) on both sides less that of the whole.
/// With s the one-hot class and h = 1 that is the Gini index, with s the target the variance, with
/// the gradients of a loss it is Newton's step.
/// </summary>
internal sealed class TreeGrower
{
    private readonly BinnedFeatures _features;
    private readonly TreeNodes _nodes;
    private readonly TreeOptions _options;
    private readonly float[] _sums;
    private readonly float[] _weights;
    private readonly double _lambda;
    private readonly int _tried;
    private readonly SeededRandomSource _random;
    private readonly int _outputs;
    private readonly double[] _histogram;
    private readonly int[] _columns;

    /// <summary>
    /// A grower of trees whose rows have sums (rows, outputs) and weights (rows).
    /// </summary>
    public TreeGrower(
        BinnedFeatures features,
        TreeNodes nodes,
        TreeOptions options,
        float[] sums,
        float[] weights,
        double lambda,
        int triedFeatures,
        ulong seed)
    {
        _features = features;
        _nodes = nodes;
        _options = options;
        _sums = sums;
        _weights = weights;
        _lambda = lambda;
        _tried = Math.Clamp(triedFeatures, 1, features.ColumnCount);
        _random = new SeededRandomSource(seed);
        _outputs = nodes.OutputCount;
        _histogram = new double[256 * (_outputs + 2)];
        _columns = [.. Enumerable.Range(0, features.ColumnCount)];
    }

    /// <summary>Grows a tree over rows, which are put into another order.</summary>
    public void Grow(Span<int> rows)
    {
        int root = _nodes.AddLeaf();
        _nodes.Roots.Add(root);
        Grow(rows, root, 0);
    }

    private void Grow(Span<int> rows, int node, int depth)
    {
        double[] total = TotalOf(rows);
        for (int i = 0; i < _outputs; i++)
        {
            _nodes.Values[(node * _outputs) + i] =
                (float)(total[i] / Math.Max(total[_outputs] + _lambda, 1e-12));
        }

        if (depth >= _options.DepthMax || rows.Length < 2 * _options.LeafRowsMin)
        {
            return;
        }

        (int column, int bin, double gain) = BestSplit(rows, total);
        if (column < 0)
        {
            return;
        }

        _nodes.Gains[column] = _nodes.Gains.GetValueOrDefault(column) + gain;
        int left = _nodes.Split(node, column, _features.Edge(column, bin));
        int middle = Partition(rows, _features.Bins(column), bin);
        Grow(rows[..middle], left, depth + 1);
        Grow(rows[middle..], left + 1, depth + 1);
    }

    private (int Column, int Bin, double Gain) BestSplit(ReadOnlySpan<int> rows, double[] total)
    {
        double whole = Score(total);
        (int Column, int Bin, double Gain) best = (-1, 0, Math.Max(1e-9, Math.Abs(whole) * 1e-9));
        for (int i = 0; i < _tried; i++)
        {
            if (_tried < _columns.Length)
            {
                int drawn = i + (int)Math.BigMul(
                    _random.NextUInt64(), (ulong)(_columns.Length - i), out _);
                (_columns[i], _columns[drawn]) = (_columns[drawn], _columns[i]);
            }

            int column = _columns[i];
            int bins = _features.BinCount(column);
            if (bins > 1)
            {
                FillHistogram(rows, _features.Bins(column), bins);
                (int bin, double gain) = BestBin(bins, total, rows.Length);
                best = gain - whole > best.Gain ? (column, bin, gain - whole) : best;
            }
        }

        return best;
    }

    private void FillHistogram(ReadOnlySpan<int> rows, ReadOnlySpan<byte> bins, int count)
    {
        int width = _outputs + 2;
        Array.Clear(_histogram, 0, count * width);
        foreach (int row in rows)
        {
            Span<double> cell = _histogram.AsSpan(bins[row] * width, width);
            for (int i = 0; i < _outputs; i++)
            {
                cell[i] += _sums[(row * _outputs) + i];
            }

            cell[_outputs] += _weights[row];
            cell[_outputs + 1]++;
        }
    }

    private (int Bin, double Gain) BestBin(int bins, double[] total, int rowCount)
    {
        int width = _outputs + 2;
        var left = new double[width];
        var right = new double[width];
        (int Bin, double Gain) best = (-1, double.NegativeInfinity);
        for (int bin = 0; bin < bins - 1; bin++)
        {
            for (int i = 0; i < width; i++)
            {
                left[i] += _histogram[(bin * width) + i];
                right[i] = total[i] - left[i];
            }

            double rows = left[_outputs + 1];
            if (rows >= _options.LeafRowsMin && rowCount - rows >= _options.LeafRowsMin)
            {
                double gain = Score(left) + Score(right);
                best = gain > best.Gain ? (bin, gain) : best;
            }
        }

        return best;
    }

    private double Score(double[] sums)
    {
        double square = 0;
        for (int i = 0; i < _outputs; i++)
        {
            square += sums[i] * sums[i];
        }

        return square / Math.Max(sums[_outputs] + _lambda, 1e-12);
    }

    private double[] TotalOf(ReadOnlySpan<int> rows)
    {
        var total = new double[_outputs + 2];
        foreach (int row in rows)
        {
            for (int i = 0; i < _outputs; i++)
            {
                total[i] += _sums[(row * _outputs) + i];
            }

            total[_outputs] += _weights[row];
        }

        total[_outputs + 1] = rows.Length;
        return total;
    }

    /// <summary>Rows of bins up to one come first, all in their order.</summary>
    private static int Partition(Span<int> rows, ReadOnlySpan<byte> bins, int bin)
    {
        var behind = new List<int>();
        int at = 0;
        foreach (int row in rows)
        {
            if (bins[row] <= bin)
            {
                rows[at++] = row;
            }
            else
            {
                behind.Add(row);
            }
        }

        behind.CopyTo(rows[at..]);
        return at;
    }
}
