using System.Globalization;

namespace NeuroDb.Bench;

/// <summary>Compares the answers of two systems row by row.</summary>
internal static class TpchAnswers
{
    private const double ShareOfDifference = 1e-6;

    /// <summary>Raises an error that shows the first difference.</summary>
    public static void Compare(
        int query, string name, List<string[]> expected, List<string[]> found)
    {
        if (expected.Count != found.Count)
        {
            throw new InvalidOperationException(
                $"query {query}: {found.Count} rows, {name} gives {expected.Count}");
        }

        for (int i = 0; i < expected.Count; i++)
        {
            bool isSame = expected[i].Length == found[i].Length
                && expected[i].Zip(found[i]).All(static pair => IsSame(pair.First, pair.Second));
            if (!isSame)
            {
                throw new InvalidOperationException(
                    $"query {query}, row {i + 1}: {string.Join(" | ", found[i])}, {name} gives "
                    + string.Join(" | ", expected[i]));
            }
        }
    }

    // Sums of DECIMAL are exact; averages and quotients are rounded at different digits.
    private static bool IsSame(string left, string right) =>
        left == right
        || (double.TryParse(left, CultureInfo.InvariantCulture, out double a)
            && double.TryParse(right, CultureInfo.InvariantCulture, out double b)
            && Math.Abs(a - b) <= ShareOfDifference * Math.Max(1e-3, Math.Abs(a)));
}
