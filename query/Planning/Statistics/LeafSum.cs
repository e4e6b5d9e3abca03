using System.Runtime.CompilerServices;

namespace NeuroDb.Query;

/// <summary>
/// How many rows an input has in each bin of a variable, weighted by the partners that they have
/// elsewhere; and how uncertain that is, as it comes from a sample. A bin in which the sample has
/// few rows is taken to be like those of about equally frequent values: of the users who write most
/// a sample has few, and they are not like the others.
/// </summary>
internal sealed class LeafSum
{
    // How many passing rows of the sample the neighbours of a bin count for, and the mean over all
    // bins among the neighbours.
    private const double NeighbourWeight = 0.5;
    private const double MeanWeight = 0.02;

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
    /// <param name="looked">Which rows of it are looked at.</param>
    /// <param name="bins">The bins.</param>
    /// <param name="column">Which of their columns it is joined by.</param>
    /// <param name="children">The further variables.</param>
    /// <param name="ordinal">The column of the table that it is joined by.</param>
    /// <param name="rare">Rows in bins of which the sample has few.</param>
    public static LeafSum Of(
        JoinLeaf leaf,
        LeafRows looked,
        KeyBins bins,
        int column,
        List<LeafChild> children,
        int ordinal,
        RareRows? rare)
    {
        double[] rowsOfBins = bins.RowsOf(column);
        ScanSample sample = leaf.Sample!;
        SampleBins keys = looked.Keys;
        double scale = looked.Correction * leaf.Thinning
            * sample.RowCount / Math.Max(1, sample.Statistics.RowCount);
        if (looked.Passing is null && children.Count == 0)
        {
            return new LeafSum(Scale(rowsOfBins, scale));
        }

        int count = rowsOfBins.Length;
        var sums = new double[count];
        var squares = new double[count];
        (int[] Bins, double[] Partners)[] partners =
            [.. children.Select(static child => (child.Bins, child.Partners))];
        int[] passing = looked.Passing ?? AllRows(looked.Count);
        double total =
            BinSums.Collect(passing, keys.Rows, partners, sums, squares, out double square);
        long present = 0;
        foreach (int inBin in keys.Counts)
        {
            present += inBin;
        }

        if (total <= 0 && looked is { Passing: not null, Ranked: null })
        {
            double ofAll = BinSums.Collect(
                AllRows(looked.Count), keys.Rows, partners, sums, squares, out _);
            return OfUnseen(
                leaf, keys, bins, rowsOfBins, children, ordinal, rare, scale, sums,
                present == 0 ? 0 : ofAll / present);
        }

        SampleBins? others = rare?.BinsOf(ordinal, bins);
        int[] counts = AddRare(
            sample, rare, ref others, children, keys.Counts, sums, squares);
        double mean = present == 0 ? 0 : total / present;
        double unseen = Math.Max(0, 1 - (looked.Count / sample.RowCount));
        double share = Math.Max(1, looked.PassingCount) / (double)looked.Count;
        double weight = unseen == 0 ? 0 : NeighbourWeight / share;
        double[] prior = weight == 0
            ? new double[count]
            : OfNeighbours(bins, counts, sums, mean, MeanWeight / share);
        double[] rows = Weigh(
            rowsOfBins, counts, sums, prior, weight, scale, others, looked.SampleCorrection);
        return new LeafSum(rows, sums, squares, prior)
        {
            OwnVariance = total <= 0 ? 1 : unseen * square / (total * total),
        };
    }

    /// <summary>Sums rows that lead to those of other inputs.</summary>
    /// <param name="looked">The rows.</param>
    /// <param name="keys">In which bins each of them lies.</param>
    /// <param name="binCount">How many bins there are.</param>
    /// <param name="children">The further variables.</param>
    public static LeafSum Of(
        FollowedRows looked, int[] keys, int binCount, List<LeafChild> children)
    {
        var sums = new double[binCount];
        var squares = new double[binCount];
        double total = BinSums.Collect(
            looked.Passing,
            keys,
            [.. children.Select(static child => (child.Bins, child.Partners))],
            sums,
            squares,
            out double square);
        return new LeafSum(Scale(sums, looked.Scale), sums, squares, new double[binCount])
        {
            OwnVariance = total <= 0 ? 1 : looked.Unseen * square / (total * total),
        };
    }

    // Where no row of the sample passes and has partners, those that do are taken to be like all,
    // but for bins of which other rows are known.
    private static LeafSum OfUnseen(
        JoinLeaf leaf,
        SampleBins keys,
        KeyBins bins,
        double[] rowsOfBins,
        List<LeafChild> children,
        int ordinal,
        RareRows? rare,
        double scale,
        double[] all,
        double mean)
    {
        ScanSample sample = leaf.Sample!;
        double share = sample.Estimate.Rows / sample.RowCount / sample.Correction;
        double[] prior = OfNeighbours(bins, keys.Counts, all, mean, MeanWeight);
        for (int bin = 0; bin < prior.Length; bin++)
        {
            double each = (all[bin] + (NeighbourWeight * prior[bin]))
                / (keys.Counts[bin] + NeighbourWeight);
            prior[bin] = share * each;
        }

        var sums = new double[prior.Length];
        var squares = new double[prior.Length];
        SampleBins? others = rare?.BinsOf(ordinal, bins);
        int[] counts = AddRare(
            sample, rare, ref others, children, new int[prior.Length], sums, squares);
        double weight = NeighbourWeight / Math.Max(share, 1e-9);
        double[] rows = Weigh(
            rowsOfBins, counts, sums, prior, weight, scale, others, sample.SampleCorrection);
        return new LeafSum(rows, sums, squares, prior) { OwnVariance = 1 };
    }

    /// <summary>The same with one row for each value that has rows.</summary>
    /// <param name="bins">The bins.</param>
    /// <param name="column">Which of their columns has the values.</param>
    /// <param name="share">What is left of these rows.</param>
    public LeafSum OfValues(KeyBins bins, int column, double share) =>
        new(Scale(bins.KeptValuesOf(column, Rows), share)) { OwnVariance = OwnVariance };

    /// <summary>
    /// What the sample adds to the variance of a sum over bins, given what each bin has in it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    // What the sample has in each bin, and what is taken to be there beside it, for all rows.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double[] Weigh(
        double[] rowsOfBins,
        int[] counts,
        double[] sums,
        double[] prior,
        double weight,
        double scale,
        SampleBins? rare,
        double correction)
    {
        var rows = new double[counts.Length];
        for (int bin = 0; bin < rows.Length; bin++)
        {
            bool isWhole = counts[bin] >= rowsOfBins[bin];
            double seen = counts[bin] + (isWhole ? 0 : weight);
            double each = seen > 0 ? rowsOfBins[bin] * scale / seen : 0;
            prior[bin] *= isWhole ? 0 : weight * each;

            // What corrects the sample says nothing of rows that were looked at beside it.
            bool isRare = rare is not null && rare.Counts[bin] >= Math.Max(1, counts[bin]);
            rows[bin] = (sums[bin] * (isRare ? each / correction : each)) + prior[bin];
        }

        return rows;
    }

    // In the bins of which more of them are known, the rare rows take the place of those of the
    // sample. Nothing is known of them if they cannot be looked at.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int[] AddRare(
        ScanSample sample,
        RareRows? rare,
        ref SampleBins? keys,
        List<LeafChild> children,
        int[] sampled,
        double[] sums,
        double[] squares)
    {
        if (rare is null || keys is null || sample.PassingOf(rare) is not { } passing)
        {
            keys = null;
            return sampled;
        }

        int[] counts = [.. sampled];
        var isRare = new bool[counts.Length];
        for (int bin = 0; bin < counts.Length; bin++)
        {
            if (keys.Counts[bin] > sampled[bin])
            {
                isRare[bin] = true;
                counts[bin] = keys.Counts[bin];
                sums[bin] = 0;
                squares[bin] = 0;
            }
        }

        int[] rows = keys.Rows;
        _ = BinSums.Collect(
            Array.FindAll(passing, row => rows[row] >= 0 && isRare[rows[row]]),
            rows,
            [.. children.Select(static child => (child.RareBins, child.Partners))],
            sums,
            squares,
            out _);
        return counts;
    }

    // What a row weighs in the bins beside each one, nearer ones first: two passes over the bins in
    // the order of how frequent their values are.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double[] OfNeighbours(
        KeyBins bins, int[] counts, double[] sums, double mean, double meanWeight)
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
            means[order[i]] = (sumBefore[i] + sum + (meanWeight * mean))
                / (countBefore[i] + count + meanWeight);
            sum = (sum + sums[order[i]]) * fading[i];
            count = (count + counts[order[i]]) * fading[i];
        }

        return means;
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
