using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Whether a scan over some element type gave the rows of the reference.</summary>
internal static class ElementCheck
{
    /// <summary>
    /// Whole numbers and bits are added up exactly: the same rows in the same order. Floats and
    /// halves are added up in single precision: the same distances.
    /// </summary>
    public static void Matches<TElement>(
        Metric metric, Candidate[] expected, Candidate[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double scale = Math.Max(1, Math.Abs(expected[i].Distance));
            double tolerance = metric == Metric.InnerProduct ? 1e-4 : 1e-5;
            Assert.InRange(
                (actual[i].Distance - expected[i].Distance) / scale, -tolerance, tolerance);
        }

        bool isWhole = typeof(TElement) == typeof(sbyte) || typeof(TElement) == typeof(byte);
        if (isWhole && metric != Metric.Cosine && metric != Metric.L2)
        {
            Assert.Equal(expected, actual);
        }
    }
}
