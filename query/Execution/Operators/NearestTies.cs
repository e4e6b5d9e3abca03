using NeuroDb.Gpu;

namespace NeuroDb.Query;

/// <summary>
/// Finds where the rows end that further items of an order have to decide between: behind the last
/// row wanted, at the first row whose key differs from that of the last one wanted.
/// </summary>
internal sealed class NearestTies(VectorRanking ranking, int wanted, ExecutionContext context)
{
    // What single precision may have lost of the distance that rows were chosen by.
    private const double Slack = 1e-5;
    private readonly RowOrder _order = new(
        [ranking.Key with { Expression = ranking.TieKey! }]);

    /// <summary>
    /// The rows up to the end; null if rows that were not found may be as near.
    /// </summary>
    /// <param name="nearest">
    /// Rows in ascending order of their distance; rows without one are NaN and come last.
    /// </param>
    /// <param name="isAll">Whether there are no others.</param>
    public Candidate[]? Cut(Candidate[] nearest, bool isAll)
    {
        if (nearest.Length <= wanted)
        {
            return isAll ? nearest : null;
        }

        double last = nearest[^1].Distance;
        var distances = new double[nearest.Length + 1];
        for (int i = 0; i < nearest.Length; i++)
        {
            distances[i] = nearest[i].Distance;
        }

        distances[^1] = last - (Slack * (Math.Abs(last) + 1));
        ColumnBuffer[] keys = _order.Evaluate(
            new RowBatch([ValuesOf(distances)], distances.Length), context);
        bool isKnown = isAll
            || (distances[^1] > nearest[wanted - 1].Distance
                && _order.Compare(keys, wanted - 1, keys, nearest.Length) != 0);
        if (!isKnown)
        {
            return null;
        }

        int end = wanted;
        while (end < nearest.Length && _order.Compare(keys, wanted - 1, keys, end) == 0)
        {
            end++;
        }

        return nearest[..end];
    }

    private ColumnBuffer ValuesOf(double[] distances)
    {
        var values = new ColumnBuilder<double>(ranking.Distance.Type, distances.Length);
        foreach (double distance in distances)
        {
            if (double.IsNaN(distance))
            {
                values.AppendNull();
            }
            else
            {
                values.AppendElement(ranking.Distance.ValueFromDistance(distance));
            }
        }

        return values.Build();
    }
}
