using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>
/// Whether a scan's answer is right within the accuracy of its sums: rows whose exact distances
/// differ by less than the rounding may stand in either order.
/// </summary>
internal static class ScanCheck
{
    /// <summary>Compares an answer with the scalar reference.</summary>
    public static void Matches(ScanQuery query, VectorBlock block, Candidate[] answer)
    {
        Candidate[] all = ScalarScan.Run(
            new ScanQuery(query.Metric, query.Vector, block.Count), block);
        Assert.Equal(Math.Min(query.K, all.Length), answer.Length);
        Dictionary<long, double> exact = all.ToDictionary(row => row.Id, row => row.Distance);
        Assert.Equal(answer.Length, answer.Select(row => row.Id).Distinct().Count());
        float tolerance = Tolerance(query);
        for (int i = 0; i < answer.Length; i++)
        {
            Assert.InRange(answer[i].Distance - exact[answer[i].Id], -tolerance, tolerance);
            Assert.InRange(answer[i].Distance - all[i].Distance, -tolerance, tolerance);
        }
    }

    /// <summary>The error allowed for elements in [-1, 1].</summary>
    private static float Tolerance(ScanQuery query) => query.Metric switch
    {
        Metric.InnerProduct or Metric.L1 => 1e-6f * (query.Dimension + 1),
        _ => 1e-5f,
    };
}
