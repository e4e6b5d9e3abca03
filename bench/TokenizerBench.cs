using System.Text;
using NeuroDb.Neural;

namespace NeuroDb.Bench;

/// <summary>
/// Learned tokenizers on one core: how long they take to learn, and how fast they encode.
/// </summary>
internal static class TokenizerBench
{
    private const int BytesMax = 1 << 25;

    /// <summary>Options: --file TEXT, whose lines are texts; --vocabulary 8192.</summary>
    public static void Run(BenchArguments arguments)
    {
        string file = arguments.Text("file", null)
            ?? throw new InvalidOperationException("tokenizers needs --file TEXT.");
        int vocabulary = arguments.Number("vocabulary", TokenizerSpec.VocabularyUsual);
        byte[] bytes = File.ReadAllBytes(file);
        string text = Encoding.UTF8.GetString(bytes, 0, Math.Min(bytes.Length, BytesMax));
        bytes = SubwordTokenizer.BytesOf(text).ToArray();
        var report = new BenchReport(
            $"tokenizers: {bytes.Length / 1e6:F1} MB, {vocabulary} tokens, one thread");
        report.Row("tokenizer", "learned in", "encodes", "bytes per token");
        foreach (TokenizerKind kind in (TokenizerKind[])[TokenizerKind.Bpe, TokenizerKind.Unigram])
        {
            Measure(report, kind, text, bytes, vocabulary);
        }

        report.Print(arguments);
    }

    private static void Measure(
        BenchReport report, TokenizerKind kind, string text, byte[] bytes, int vocabulary)
    {
        SubwordTokenizer? tokenizer = null;
        double seconds = ThreadTime.Of(() =>
        {
            var pieces = new PieceCounts();
            foreach (string line in text.Split('\n'))
            {
                pieces.Add(SubwordTokenizer.BytesOf(line));
            }

            tokenizer = SubwordTokenizer.Train(new TokenizerSpec(kind, vocabulary), pieces);
        }) / 1e9;
        var tokens = new List<int>();
        double time = BestTime.Of(7, 1, () =>
        {
            tokens.Clear();
            tokenizer!.Encode(bytes, tokens);
        });
        string name = kind.ToString().ToLowerInvariant();
        double rate = bytes.Length / time / 1e6;
        report.Row(
            name,
            $"{seconds:F1} s",
            $"{rate:F0} MB/s",
            $"{bytes.Length / (double)tokens.Count:F2}");
        report.Figure($"{name}_encode_mb_s", rate);
        report.Figure($"{name}_learn_s", seconds);
    }
}
