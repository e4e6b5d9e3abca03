using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Query;

/// <summary>
/// The loops over bins and rows of samples, compiled at once, since the first plans of a process
/// wait for them.
/// </summary>
internal static class BinSums
{
    /// <summary>Multiplies numbers of bins with those of others, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(double[] product, double[] factors)
    {
        Invariant.Check(product.Length == factors.Length);
        int bin = 0;
        for (; bin + Vector512<double>.Count <= product.Length; bin += Vector512<double>.Count)
        {
            Span<double> some = product.AsSpan(bin);
            (Vector512.Create(some) * Vector512.Create(factors.AsSpan(bin))).CopyTo(some);
        }

        for (; bin < product.Length; bin++)
        {
            product[bin] *= factors[bin];
        }
    }

    /// <summary>
    /// Adds the partners of rows, and their squares, to the bins in which the rows lie.
    /// </summary>
    /// <param name="passing">The rows.</param>
    /// <param name="keys">The bin of each row; below 0 for none.</param>
    /// <param name="others">Its bins in other variables, and the partners there.</param>
    /// <param name="sums">Takes the partners of the rows of each bin.</param>
    /// <param name="squares">Takes their squares.</param>
    /// <param name="square">The sum of all squares.</param>
    /// <returns>The sum of all partners.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Collect(
        int[] passing,
        int[] keys,
        (int[] Bins, double[] Partners)[] others,
        double[] sums,
        double[] squares,
        out double square)
    {
        if (others.Length == 0)
        {
            return square = CountRows(passing, keys, sums, squares);
        }

        (int[] firstBins, double[] firstPartners) = others[0];
        double total = 0;
        square = 0;
        foreach (int row in passing)
        {
            int bin = keys[row];
            int first = firstBins[row];
            if ((bin | first) < 0)
            {
                continue;
            }

            double partners = firstPartners[first];
            for (int i = 1; i < others.Length; i++)
            {
                int other = others[i].Bins[row];
                partners *= other < 0 ? 0 : others[i].Partners[other];
            }

            double each = partners * partners;
            total += partners;
            square += each;
            sums[bin] += partners;
            squares[bin] += each;
        }

        return total;
    }

    // Each row weighs 1, and so does its square.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double CountRows(int[] passing, int[] keys, double[] sums, double[] squares)
    {
        int total = 0;
        foreach (int row in passing)
        {
            int bin = keys[row];
            if (bin >= 0)
            {
                total++;
                sums[bin]++;
            }
        }

        sums.CopyTo(squares.AsSpan());
        return total;
    }
}
