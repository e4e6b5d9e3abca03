namespace NeuroDb.Neural;

/// <summary>
/// Grows one tree over binned features (Chen and Guestrin, "XGBoost", KDD 2016, section 2 and
/// 3.3). Each row has a number s for each output; a leaf says sum(s) / n, and a split gains
/// sum(s)^2 / n on both sides less that of the whole. With s the target and n the rows that is the
/// variance; with s the weight of a row at its class and n the weight of all rows the Gini index.
/// </summary>
internal sealed class TreeGrower
{
    private readonly BinnedFeatures _features;
    private readonly TreeNodes _nodes;
    private readonly TreeOptions _options;
    private readonly float[] _sums;
    private readonly int _leafRowsMin;
    private readonly int _tried;
    private readonly SeededRandomSource _random;
    private readonly int _outputs;
    private readonly double[] _histogram;
    private readonly int[] _columns;

    /// <summary>
    /// A grower of trees whose rows have numbers (rows, outputs).
    /// </summary>
    public TreeGrower(
        BinnedFeatures features,
        TreeNodes nodes,
        TreeOptions options,
        float[] sums,
        int triedFeatures,
        ulong seed)
    {
        _features = features;
        _nodes = nodes;
        _options = options;
        _sums = sums;
        _leafRowsMin = options.LeafRowsMin ?? 1;
        _tried = Math.Clamp(triedFeatures, 1, features.ColumnCount);
        _random = new SeededRandomSource(seed);
        _outputs = nodes.OutputCount;
        _histogram = new double[256 * (_outputs + 1)];
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
                (float)(total[i] / WeightOf(total));
        }

        if (depth >= _options.DepthMax || rows.Length < 2 * _leafRowsMin)
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
        int width = _outputs + 1;
        Array.Clear(_histogram, 0, count * width);
        foreach (int row in rows)
        {
            Span<double> cell = _histogram.AsSpan(bins[row] * width, width);
            for (int i = 0; i < _outputs; i++)
            {
                cell[i] += _sums[(row * _outputs) + i];
            }

            cell[_outputs]++;
        }
    }

    private (int Bin, double Gain) BestBin(int bins, double[] total, int rowCount)
    {
        int width = _outputs + 1;
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

            double rows = left[_outputs];
            if (rows >= _leafRowsMin && rowCount - rows >= _leafRowsMin)
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

        return square / WeightOf(sums);
    }

    // Of classes each row has one number, which is its weight.
    private double WeightOf(double[] sums)
    {
        double weight = _outputs == 1 ? sums[_outputs] : 0;
        for (int i = 0; i < _outputs && _outputs > 1; i++)
        {
            weight += sums[i];
        }

        return Math.Max(weight, 1e-12);
    }

    private double[] TotalOf(ReadOnlySpan<int> rows)
    {
        var total = new double[_outputs + 1];
        foreach (int row in rows)
        {
            for (int i = 0; i < _outputs; i++)
            {
                total[i] += _sums[(row * _outputs) + i];
            }

        }

        total[_outputs] = rows.Length;
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
