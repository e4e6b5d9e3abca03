namespace NeuroDb.Query;

/// <summary>
/// How many rows an input has in each bin of a variable, weighted by the partners that they have
/// elsewhere; and how uncertain that is, as it comes from a sample. A bin in which the sample has
/// few rows is taken to be like those of about equally frequent values: of the users who write most
/// a sample has few, and they are not like the others.
/// </summary>
internal sealed class LeafSum
{
    // How many rows of the sample the neighbours of a bin count for, and the mean over all bins.
    private const double NeighbourWeight = 0.5;
    private const double MeanWeight = 0.0005;

    private readonly double[]? _squares;
    private readonly double[]? _sums;
    private readonly double[]? _unseen;

    private LeafSum(double[] rows)
    {
        Rows = rows;
    }

    private LeafSum(double[] rows, double[] sums, double[] squares, double[] unseen)
    {
        Rows = rows;
        _sums = sums;
        _squares = squares;
        _unseen = unseen;
    }

    /// <summary>The weighted rows in each bin.</summary>
    public double[] Rows { get; }

    /// <summary>The variance of the logarithm of the sum over all bins.</summary>
    public double OwnVariance { get; private init; }

    /// <summary>Sums the rows of a sample.</summary>
    /// <param name="leaf">The input.</param>
    /// <param name="keys">In which bins the rows of the sample lie.</param>
    /// <param name="bins">The bins.</param>
    /// <param name="column">Which of their columns it is joined by.</param>
    /// <param name="children">
    /// For each further variable the bins of the rows, and the partners of a row of a bin.
    /// </param>
    public static LeafSum Of(
        JoinLeaf leaf,
        SampleBins keys,
        KeyBins bins,
        int column,
        List<(int[] Bins, double[] Partners)> children)
    {
        double[] rowsOfBins = bins.RowsOf(column);
        ScanSample sample = leaf.Sample!;
        double scale = sample.Correction * leaf.Thinning
            * sample.RowCount / Math.Max(1, sample.Statistics.RowCount);
        if (sample.Passing is null && children.Count == 0)
        {
            return new LeafSum(Scale(rowsOfBins, scale));
        }

        int count = rowsOfBins.Length;
        var sums = new double[count];
        var squares = new double[count];
        int[] passing = sample.Passing ?? AllRows(sample.Statistics.SampleRowCount);
        double total = Collect(passing, keys, children, sums, squares, out double square);
        long present = 0;
        foreach (int inBin in keys.Counts)
        {
            present += inBin;
        }

        double mean = present == 0 ? 0 : total / present;
        double unseen = Math.Max(0, 1 - (sample.Statistics.SampleRowCount / sample.RowCount));
        double weight = unseen == 0 ? 0 : NeighbourWeight;
        double[] prior = weight == 0
            ? new double[count]
            : OfNeighbours(bins, keys.Counts, sums, mean);
        var rows = new double[count];
        for (int bin = 0; bin < count; bin++)
        {
            double seen = keys.Counts[bin] + weight;
            double each = seen > 0 ? rowsOfBins[bin] * scale / seen : 0;
            prior[bin] *= weight * each;
            rows[bin] = (sums[bin] * each) + prior[bin];
        }

        return new LeafSum(rows, sums, squares, prior)
        {
            OwnVariance = total > 0 ? unseen * square / (total * total) : 1,
        };
    }

    /// <summary>
    /// What the sample adds to the variance of a sum over bins, given what each bin has in it.
    /// </summary>
    public double VarianceOf(double[] product, double total)
    {
        if (_sums is null || total <= 0)
        {
            return 0;
        }

        double variance = 0;
        double guessed = 0;
        for (int bin = 0; bin < product.Length; bin++)
        {
            if (Rows[bin] <= 0)
            {
                continue;
            }

            double share = product[bin] / total;
            double ofPrior = _unseen![bin] / Rows[bin];
            guessed += share * ofPrior;
            if (_sums[bin] > 0)
            {
                double ofSeen = share * (1 - ofPrior);
                variance += ofSeen * ofSeen * _squares![bin] / (_sums[bin] * _sums[bin]);
            }
        }

        return variance + (guessed * guessed);
    }

    // What a row weighs in the bins beside each one, nearer ones first: two passes over the bins in
    // the order of how frequent their values are.
    private static double[] OfNeighbours(
        KeyBins bins, int[] counts, double[] sums, double mean)
    {
        (int[] order, double[] fading) = bins.Neighbours;
        var sumBefore = new double[order.Length];
        var countBefore = new double[order.Length];
        double sum = 0;
        double count = 0;
        for (int i = 0; i < order.Length; i++)
        {
            sum *= fading[i];
            count *= fading[i];
            sumBefore[i] = sum;
            countBefore[i] = count;
            sum += sums[order[i]];
            count += counts[order[i]];
        }

        var means = new double[order.Length];
        sum = 0;
        count = 0;
        for (int i = order.Length - 1; i >= 0; i--)
        {
            means[order[i]] = (sumBefore[i] + sum + (MeanWeight * mean))
                / (countBefore[i] + count + MeanWeight);
            sum = (sum + sums[order[i]]) * fading[i];
            count = (count + counts[order[i]]) * fading[i];
        }

        return means;
    }

    private static double Collect(
        int[] passing,
        SampleBins keys,
        List<(int[] Bins, double[] Partners)> children,
        double[] sums,
        double[] squares,
        out double square)
    {
        double total = 0;
        square = 0;
        (int[] Bins, double[] Partners)[] others = [.. children];
        foreach (int row in passing)
        {
            int bin = keys.Rows[row];
            if (bin < 0)
            {
                continue;
            }

            double partners = 1;
            foreach ((int[] bins, double[] counts) in others)
            {
                int other = bins[row];
                partners *= other < 0 ? 0 : counts[other];
            }

            total += partners;
            square += partners * partners;
            sums[bin] += partners;
            squares[bin] += partners * partners;
        }

        return total;
    }

    private static double[] Scale(double[] rows, double scale)
    {
        if (scale == 1)
        {
            return rows;
        }

        var scaled = new double[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            scaled[i] = rows[i] * scale;
        }

        return scaled;
    }

    private static int[] AllRows(int count)
    {
        var rows = new int[count];
        for (int i = 0; i < count; i++)
        {
            rows[i] = i;
        }

        return rows;
    }
}
