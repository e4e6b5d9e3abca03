using System.Globalization;

namespace NeuroDb.Tests.Unit;

public sealed class TextIndexTests
{
    private const int WordCount = 60;

    [Fact]
    public void The_index_ranks_as_the_formula_does_after_any_changes()
    {
        var random = new Random(7);
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute("CREATE TABLE d (id BIGINT PRIMARY KEY, k INT, body TEXT)");
        database.Execute("CREATE INDEX ON d USING bm25 (body)");
        var rows = new SortedDictionary<long, (int K, string? Body)>();
        long next = 0;
        for (int round = 0; round < 12; round++)
        {
            for (int i = 0; i < 700; i++)
            {
                string? body = random.Next(20) == 0 ? null : MakeText(random);
                int k = random.Next(10);
                database.Execute("INSERT INTO d VALUES (?, ?, ?)", next, k, body);
                rows.Add(next++, (k, body));
            }

            foreach (long id in rows.Keys.Where(_ => random.Next(8) == 0).ToList())
            {
                database.Execute("DELETE FROM d WHERE id = ?", id);
                rows.Remove(id);
            }

            string words = string.Join(
                ' ', WordOf(random.Next(WordCount)), WordOf(random.Next(WordCount)), WordOf(2));
            int k2 = random.Next(10);
            Assert.Equal(
                Expected(rows, words, k2),
                Found(database, words, k2));
        }
    }

    // Okapi BM25 written down once more, over words between blanks.
    private static List<string> Expected(
        SortedDictionary<long, (int K, string? Body)> rows, string query, int k)
    {
        var texts = rows.Where(row => row.Value.Body is not null)
            .ToDictionary(row => row.Key, row => row.Value.Body!.Split(' '));
        double average = texts.Values.Average(words => (double)words.Length);
        double Weight(string word)
        {
            int having = texts.Values.Count(words => words.Contains(word));
            return Math.Log(1 + ((texts.Count - having + 0.5) / (having + 0.5)));
        }

        var weights = query.Split(' ').Select(word => (word, Weight(word))).ToList();
        double Score(string[] words) => weights.Sum(item =>
        {
            int often = words.Count(word => word == item.word);
            return item.Item2 * often * 2.2
                / (often + (1.2 * (0.25 + (0.75 * words.Length / average))));
        });
        return [.. rows
            .Where(row => row.Value.K != k && row.Value.Body is not null)
            .Select(row => (row.Key, Score: Score(texts[row.Key])))
            .OrderByDescending(row => Math.Round(row.Score, 9)).ThenBy(row => row.Key)
            .Take(25)
            .Select(row => Line(row.Key, row.Score))];
    }

    private static List<string> Found(NeuroStore database, string words, int k)
    {
        var found = new List<string>();
        using ResultReader reader = database.Query(
            "SELECT id, bm25(body, $1) FROM d WHERE k <> $2 ORDER BY bm25(body, $1) LIMIT 25",
            words,
            k);
        while (reader.Read())
        {
            found.Add(Line(reader.GetInt64(0), reader.GetDouble(1)));
        }

        return found;
    }

    private static string Line(long id, double score) =>
        string.Create(CultureInfo.InvariantCulture, $"{id} {Math.Round(score, 6)}");

    private static string MakeText(Random random) => string.Join(
        ' ',
        Enumerable.Range(0, random.Next(1, 12))
            .Select(_ => WordOf(random.Next(random.Next(1, WordCount) + 1))));

    // Words without endings that a stemmer would take off.
    private static string WordOf(int number) =>
        $"{"bkmtzpvg"[number / 8]}o{"bkmtzpvg"[number % 8]}";
}
