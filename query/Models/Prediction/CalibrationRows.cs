using System.Runtime.InteropServices;

namespace NeuroDb.Query;

/// <summary>
/// What a classifier said of rows that it did not train on, as far as a threshold needs it: for
/// each label the probabilities of the rows that it said so of, falling, and whether they are.
/// </summary>
/// <remarks>
/// Text: for each label, separated by spaces, the base64 of floats, a wrong one with its sign set.
/// </remarks>
internal static class CalibrationRows
{
    private const int RowsMax = 10_000;
    private const char Nothing = '-';

    /// <summary>The text of what was said; of many rows a part, evenly spaced.</summary>
    /// <param name="outputs">(rows, labels), the probabilities.</param>
    /// <param name="truth">The number of the label of each row; -1 for one never trained.</param>
    /// <param name="labels">How many labels there are.</param>
    public static string Write(
        ReadOnlySpan<float> outputs, ReadOnlySpan<int> truth, int labels)
    {
        int width = truth.Length == 0 ? 0 : outputs.Length / truth.Length;
        var scores = new List<float>[labels];
        int kept = Math.Min(truth.Length, RowsMax);
        for (int i = 0; i < kept; i++)
        {
            int row = (int)((long)i * truth.Length / kept);
            ReadOnlySpan<float> said = outputs.Slice(row * width, width);
            int best = PredictionValues.Best(said);
            var score = (float)PredictionValues.Probability(said, best);
            (scores[best] ??= []).Add(truth[row] == best ? score : -score);
        }

        return kept == 0 ? "" : string.Join(' ', scores.Select(TextOf));
    }

    /// <summary>The rows that were said to be of a label.</summary>
    public static (float[] Scores, bool[] IsRight) Read(string text, int label)
    {
        string[] labels = text.Split(' ');
        if (label >= labels.Length || labels[label] is "" or "-")
        {
            return ([], []);
        }

        float[] numbers = MemoryMarshal.Cast<byte, float>(
            Convert.FromBase64String(labels[label])).ToArray();
        return (
            [.. numbers.Select(Math.Abs)],
            [.. numbers.Select(static it => !float.IsNegative(it))]);
    }

    private static string TextOf(List<float>? scores)
    {
        if (scores is null)
        {
            return Nothing.ToString();
        }

        float[] falling = [.. scores.OrderByDescending(Math.Abs)];
        return Convert.ToBase64String(MemoryMarshal.AsBytes(falling.AsSpan()));
    }
}
