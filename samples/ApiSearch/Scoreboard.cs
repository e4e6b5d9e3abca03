using System.Globalization;

namespace NeuroDb.Samples.ApiSearch;

/// <summary>Asks the questions with known answers and counts the hits.</summary>
internal static class Scoreboard
{
    /// <summary>Writes the rank of each question's first right member, and the count.</summary>
    public static void Run(ApiIndex index)
    {
        int hitCount = 0;
        double reciprocalRankSum = 0;
        Console.WriteLine();
        Console.WriteLine("  rank  question, and the first right member or else the first found");
        foreach (Question question in Questions.All)
        {
            List<SearchHit> hits = index.Search(question.Text);
            int rank = hits.FindIndex(hit => question.IsAnsweredBy(hit.Id)) + 1;
            if (rank > 0)
            {
                hitCount++;
                reciprocalRankSum += 1.0 / rank;
            }

            string first = hits.Count == 0 ? "" : hits[Math.Max(rank - 1, 0)].Name;
            Console.WriteLine($"  {(rank > 0 ? rank : "-"),4}  {question.Text}");
            Console.WriteLine($"        {(rank > 0 ? "" : "not found; ")}{first}");
        }

        double meanReciprocalRank = reciprocalRankSum / Questions.All.Length;
        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"questions={Questions.All.Length} hits_at_10={hitCount} mrr={meanReciprocalRank:F3}"));
    }
}
