using System.IO.Compression;
using System.Text.Json;

namespace NeuroDb.Bench;

/// <summary>
/// Makes the hard text vectors: passages of 24 words of film reviews, weighted by TF-IDF, projected
/// at random to 256 dimensions, length 1. Neighbours are hardly nearer than other rows.
/// </summary>
internal static class PassageVectors
{
    private const int Dimension = 256;
    private const int WordsInPassage = 24;
    private const int QueryCount = 1000;

    /// <summary>
    /// Options: --reviews FOLDER (train.jsonl.gz and test.jsonl.gz, a text in each line) --base
    /// FILE.fvecs --query FILE.fvecs --rows 95000.
    /// </summary>
    public static void Run(BenchArguments arguments)
    {
        string folder = PathOf(arguments, "reviews");
        List<string[]> passages =
        [
            .. ((string[])["train", "test"]).SelectMany(
                name => Passages(Path.Combine(folder, name + ".jsonl.gz"))),
        ];
        Dictionary<string, int> counts = passages
            .SelectMany(static passage => passage.Distinct())
            .CountBy(static word => word)
            .ToDictionary();
        var projections = new Dictionary<string, float[]>();
        var random = new Random(1);
        int[] order = [.. Enumerable.Range(0, passages.Count).OrderBy(_ => random.Next())];
        int wanted = Math.Min(order.Length, arguments.Number("rows", 95_000) + QueryCount);
        using var rows = new BinaryWriter(File.Create(PathOf(arguments, "base")));
        using var queries = new BinaryWriter(File.Create(PathOf(arguments, "query")));
        for (int i = 0; i < wanted; i++)
        {
            float[] vector = VectorOf(passages[order[i]], passages.Count, counts, projections);
            BinaryWriter target = i < QueryCount ? queries : rows;
            target.Write(Dimension);
            foreach (float element in vector)
            {
                target.Write(element);
            }
        }

        Console.WriteLine($"{wanted - QueryCount} rows and {QueryCount} queries written");
    }

    private static string PathOf(BenchArguments arguments, string name) =>
        arguments.Text(name, null) ?? throw new ArgumentException($"--{name} is missing");

    private static IEnumerable<string[]> Passages(string path)
    {
        using var reader = new StreamReader(
            new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            string text = document.RootElement.GetProperty("text").GetString() ?? "";
            string[] words = string
                .Concat(text.ToLowerInvariant().Select(
                    static letter => char.IsLetter(letter) ? letter : ' '))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries);
            for (int i = 0; i + WordsInPassage <= words.Length; i += WordsInPassage)
            {
                yield return words[i..(i + WordsInPassage)];
            }
        }
    }

    private static float[] VectorOf(
        string[] passage, int passageCount, Dictionary<string, int> counts,
        Dictionary<string, float[]> projections)
    {
        var vector = new float[Dimension];
        foreach ((string word, int count) in passage.CountBy(static word => word))
        {
            float weight = (1 + MathF.Log(count))
                * MathF.Log((float)passageCount / counts[word]);
            if (!projections.TryGetValue(word, out float[]? projection))
            {
                projection = ProjectionOf(word);
                projections[word] = projection;
            }

            for (int i = 0; i < Dimension; i++)
            {
                vector[i] += weight * projection[i];
            }
        }

        float length = MathF.Sqrt(vector.Sum(static element => element * element));
        return Array.ConvertAll(vector, element => length > 0 ? element / length : 0);
    }

    /// <summary>Normally distributed numbers that follow from the word.</summary>
    private static float[] ProjectionOf(string word)
    {
        int seed = 17;
        foreach (char letter in word)
        {
            seed = unchecked((seed * 31) + letter);
        }

        var random = new Random(seed);
        var projection = new float[Dimension];
        for (int i = 0; i < Dimension; i++)
        {
            projection[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
                * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return projection;
    }
}
