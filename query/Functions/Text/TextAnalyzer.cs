using System.Runtime.InteropServices;
using NeuroDb.Neural;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The terms of full-text search: words in lower case without common English endings, and, of
/// scripts that write no gaps between words, single letters and pairs of neighbours.
/// </summary>
internal sealed class TextAnalyzer : ITextAnalyzer
{
    // What a pair of letters begins with, so that it is no word.
    private const ulong PairSeed = 0x5041495200000000;

    private TextAnalyzer()
    {
    }

    /// <summary>The only one; it has no state.</summary>
    public static TextAnalyzer Instance { get; } = new();

    /// <inheritdoc/>
    public int Analyze(ReadOnlySpan<char> text, List<ulong> terms)
    {
        Span<char> buffer = stackalloc char[TextTokenizer.WordLengthMax];
        var tokenizer = new TextTokenizer(text, buffer);
        int length = 0;
        ulong previous = 0;
        bool followsIdeograph = false;
        while (tokenizer.MoveNext())
        {
            Span<char> word = tokenizer.Word;
            word = tokenizer.IsIdeograph ? word : word[..EnglishStemmer.Stem(word)];
            ulong term = Hash64.Of(MemoryMarshal.AsBytes(word));
            if (tokenizer.IsIdeograph && followsIdeograph && tokenizer.ContinuesRun)
            {
                terms.Add(Hash64.Combine(previous ^ PairSeed, term));
            }

            terms.Add(term);
            previous = term;
            followsIdeograph = tokenizer.IsIdeograph;
            length++;
        }

        return length;
    }
}
