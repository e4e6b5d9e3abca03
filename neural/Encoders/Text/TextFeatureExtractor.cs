namespace NeuroDb.Neural;

/// <summary>
/// Turns a text into features: each word's stem; each pair of neighbouring words joined; all parts
/// of one identifier joined; the character n-grams of each word.
/// </summary>
/// <remarks>
/// Joined words are hashed as if written as one word, so that "stop watch", "StopWatch" and
/// "stopwatch" share a feature. In scripts without gaps each letter is a word and a joined pair is
/// the usual character bigram; n-grams inside a word are not taken there.
/// </remarks>
internal static class TextFeatureExtractor
{
    private const char WordStart = '\u0002';
    private const char WordEnd = '\u0003';

    /// <summary>Adds the features of a text to the table.</summary>
    public static void Extract(
        ReadOnlySpan<char> text, HashingTextEncoderOptions options, TextFeatureTable table)
    {
        Span<char> buffer = stackalloc char[TextTokenizer.WordLengthMax];
        Span<char> marked = stackalloc char[TextTokenizer.WordLengthMax + 2];
        var words = new TextTokenizer(text, buffer);
        ulong previous = 0;
        ulong run = TextFeatureHash.Start;
        int runWordCount = 0;
        while (words.MoveNext())
        {
            Span<char> word = words.Word;
            ulong wordState = TextFeatureHash.Append(TextFeatureHash.Start, word);
            ulong runBefore = words.ContinuesRun ? run : TextFeatureHash.Start;
            run = words.ContinuesRun ? TextFeatureHash.Append(run, word) : wordState;
            runWordCount = words.ContinuesRun ? runWordCount + 1 : 1;
            if (!words.IsIdeograph && options.GramWeight > 0)
            {
                AddGrams(word, marked, options, table);
            }

            Span<char> stem = options.Stem ? word[..EnglishStemmer.Stem(word)] : word;
            AddWord(TextFeatureHash.Start, stem, 1, table);
            if (options.PairWeight > 0 && words.ContinuesPhrase)
            {
                AddWord(previous, stem, options.PairWeight, table);
            }

            if (options.PairWeight > 0 && runWordCount > 2 && !words.IsIdeograph)
            {
                AddWord(runBefore, stem, options.PairWeight, table);
            }

            previous = wordState;
        }
    }

    private static void AddWord(
        ulong state, ReadOnlySpan<char> stem, float weight, TextFeatureTable table)
    {
        ulong hash = TextFeatureHash.Append(state, stem);
        table.Add(TextFeatureHash.Finish(hash, TextFeatureHash.WordKind), weight);
    }

    // All n-grams of a word weigh together what GramWeight says, whatever the word's length: each
    // of c grams weighs GramWeight / sqrt(c), so that the sum of squares is GramWeight^2.
    private static void AddGrams(
        ReadOnlySpan<char> word,
        Span<char> marked,
        HashingTextEncoderOptions options,
        TextFeatureTable table)
    {
        int length = word.Length + 2;
        marked[0] = WordStart;
        word.CopyTo(marked[1..]);
        marked[length - 1] = WordEnd;

        // The n-gram of the whole marked word would only repeat the word.
        int longest = Math.Min(options.GramLengthMax, length - 1);
        int shortest = options.GramLengthMin;
        int count = 0;
        for (int n = shortest; n <= longest; n++)
        {
            count += length - n + 1;
        }

        if (count == 0)
        {
            return;
        }

        float weight = options.GramWeight / MathF.Sqrt(count);
        for (int start = 0; start + shortest <= length; start++)
        {
            ulong state = TextFeatureHash.Start;
            int end = Math.Min(start + longest, length);
            for (int i = start; i < end; i++)
            {
                state = TextFeatureHash.Append(state, marked[i]);
                if (i - start + 1 >= shortest)
                {
                    table.Add(
                        TextFeatureHash.Finish(state, TextFeatureHash.GramKind), weight);
                }
            }
        }
    }
}
