using System.Diagnostics;
using System.Globalization;

namespace NeuroDb.Samples.ApiSearch;

/// <summary>Writes steps and answers to the console.</summary>
internal static class Report
{
    private const int LabelWidth = 15;
    private const int TextWidth = 62;
    private const int SummaryWidth = 88;

    /// <summary>The label at the start of a step's line.</summary>
    public static string Label(string step) => $"  {step}".PadRight(LabelWidth);

    /// <summary>Writes what a step did and how long it took.</summary>
    public static void Step(string step, string text, long startTimestamp) =>
        Console.WriteLine(
            $"{Label(step)}{text.PadRight(TextWidth)} {Duration(startTimestamp),10}");

    /// <summary>Writes the answer to a question.</summary>
    public static void Answer(string question, List<SearchHit> hits, long startTimestamp)
    {
        string duration = Duration(startTimestamp);
        Console.WriteLine();
        Console.WriteLine($"{question}  ({duration})");
        if (hits.Count == 0)
        {
            Console.WriteLine("  the question has no words to search for");
            return;
        }

        for (int i = 0; i < hits.Count; i++)
        {
            SearchHit hit = hits[i];
            string score = hit.Score.ToString("F3", CultureInfo.InvariantCulture);
            Console.WriteLine($"  {i + 1,2}  {score}  {Cut(hit.Name)}");
            Console.WriteLine($"             {Cut(hit.Summary)}");
        }
    }

    private static string Cut(string text) =>
        text.Length <= SummaryWidth ? text : $"{text.AsSpan(0, SummaryWidth - 3).TrimEnd()}...";

    private static string Duration(long startTimestamp)
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(startTimestamp);
        return elapsed.TotalSeconds < 1
            ? string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalMilliseconds:F1} ms")
            : string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:F2} s");
    }
}
