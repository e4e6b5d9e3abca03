using System.Globalization;

namespace NeuroDb.Samples.ApiSearch;

/// <summary>Asks the questions with known answers and counts the hits.</summary>
internal static class Scoreboard
{
    private const int Depth = 10;

    /// <summary>
    /// Writes the rank of each question's first right member, and the measures of the vectors, of
    /// words alone, and of both.
    /// </summary>
    public static void Run(ApiIndex index, string encoder)
    {
        Console.WriteLine();
        Console.WriteLine("  rank  question, and the first right member or else the first found");
        foreach (Question question in Questions.All)
        {
            List<SearchHit> hits = index.Search(question.Text);
            int rank = hits.FindIndex(hit => question.IsAnsweredBy(hit.Id)) + 1;
            string first = hits.Count == 0 ? "" : hits[Math.Max(rank - 1, 0)].Name;
            Console.WriteLine($"  {(rank > 0 ? rank : "-"),4}  {question.Text}");
            Console.WriteLine($"        {(rank > 0 ? "" : "not found; ")}{first}");
        }

        foreach (Question[] questions in (Question[][])[Questions.All, MoreQuestions.All])
        {
            Console.WriteLine();
            Write(encoder, index.Search, questions, index);
            Write("bm25", index.SearchWords, questions, index);
            Write($"bm25_and_{encoder}", index.SearchBoth, questions, index);
        }
    }

    private static void Write(
        string name,
        Func<string, List<SearchHit>> search,
        Question[] questions,
        ApiIndex index)
    {
        int hitCount = 0;
        double reciprocalRankSum = 0;
        double gainSum = 0;
        double recallSum = 0;
        foreach (Question question in questions)
        {
            List<SearchHit> hits = search(question.Text);
            bool[] isRight = [.. hits.Select(hit => question.IsAnsweredBy(hit.Id))];
            int rank = Array.IndexOf(isRight, true) + 1;
            hitCount += rank > 0 ? 1 : 0;
            reciprocalRankSum += rank > 0 ? 1.0 / rank : 0;
            int known = index.CountAnswers(question);
            double ideal = Enumerable.Range(0, Math.Min(known, Depth)).Sum(Discount);
            gainSum += Enumerable.Range(0, isRight.Length)
                .Where(place => isRight[place]).Sum(Discount) / ideal;
            recallSum += isRight.Count(static it => it) / (double)Math.Min(known, Depth);
        }

        int count = questions.Length;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"search={name} questions={count} hits_at_10={hitCount} "
            + $"mrr={reciprocalRankSum / count:F3} ndcg_at_10={gainSum / count:F3} "
            + $"recall_at_10={recallSum / count:F3}"));
    }

    // 1 / log2(1 + rank) of a place from 0 (Jaervelin and Kekaelaeinen, TOIS 20, 2002).
    private static double Discount(int place) => 1 / Math.Log2(place + 2);
}
