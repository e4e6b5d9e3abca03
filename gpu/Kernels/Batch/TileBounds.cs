namespace NeuroDb.Gpu;

/// <summary>
/// What turns the sum of a tile into a lower bound of a rank:
/// <c>row.Term + query.Term - row.Scale query.Scale sum</c>.
/// </summary>
/// <remarks>
/// A sum of n products in single precision is off by at most (n / lanes + c) 2^-24 sum(|a b|), and
/// sum(|a b|) by no more than (|a|^2 + |b|^2) / 2 (Higham, Accuracy and Stability of Numerical
/// Algorithms, 2nd ed., section 3.1); the terms take four times that away. So a row whose bound is
/// above the threshold is no candidate, and the few others are ranked exactly. Norms that overflow
/// give a NaN, which excludes nothing.
/// </remarks>
/// <param name="Term">The part that is added.</param>
/// <param name="Scale">The part that the sum is multiplied by.</param>
internal readonly record struct TileBounds(float Term, float Scale)
{
    /// <summary>The bounds' part of a row.</summary>
    public static TileBounds OfRow(Metric metric, double squaredNorm, int dimension)
    {
        double slack = Slack(dimension);
        return metric switch
        {
            Metric.L2 => new((float)(squaredNorm * (1 - slack)), 2),
            Metric.Cosine => new((float)(1 - slack), (float)(1 / Math.Sqrt(squaredNorm))),
            Metric.InnerProduct => new((float)(squaredNorm * -slack), 1),
            _ => new(0, (float)(slack - 1)),
        };
    }

    /// <summary>The bounds' part of a query.</summary>
    public static TileBounds OfQuery(Metric metric, double squaredNorm, int dimension)
    {
        double slack = Slack(dimension);
        return metric switch
        {
            Metric.L2 => new((float)(squaredNorm * (1 - slack)), 1),
            Metric.Cosine => new(0, (float)(1 / Math.Sqrt(squaredNorm))),
            Metric.InnerProduct => new((float)(squaredNorm * -slack), 1),
            _ => new(0, 1),
        };
    }

    private static double Slack(int dimension) => (dimension + 64) * Math.ScaleB(1, -24);
}
