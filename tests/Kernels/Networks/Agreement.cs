namespace NeuroDb.Tests.Kernels;

/// <summary>Compares the results of two forms of a kernel.</summary>
internal static class Agreement
{
    /// <summary>
    /// Differences relative to the larger of the expected number and 1.
    /// </summary>
    public static void Of(
        ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double allowed = tolerance * Math.Max(1, Math.Abs(expected[i]));
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= allowed,
                $"number {i}: expected {expected[i]}, was {actual[i]}");
        }
    }

    /// <summary>Compares floats.</summary>
    public static void Of(
        ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        var numbers = new double[expected.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = expected[i];
        }

        Of(numbers, actual, tolerance);
    }
}
