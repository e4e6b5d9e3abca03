using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// Turns a text into features: each word's stem; each pair of neighbouring words joined; all parts
/// of one identifier joined; the character n-grams of each word.
/// </summary>
/// <remarks>
/// Joined words are hashed as if written as one word, so that "stop watch", "StopWatch" and
/// "stopwatch" share a feature. In scripts without gaps each letter is a word and a joined pair is
/// the usual character bigram; n-grams inside a word are not taken there. Words are read in blocks,
/// whose n-grams are hashed together (<see cref="NgramHash"/>).
/// </remarks>
internal static class TextFeatureExtractor
{
    /// <summary>Adds the features of a text to the table.</summary>
    public static void Extract(
        ReadOnlySpan<char> text, HashingTextEncoderOptions options, TextFeatureTable table)
    {
        Span<char> buffer = stackalloc char[TextTokenizer.WordLengthMax];
        var words = new TextTokenizer(text, buffer);
        TextWordBlock block = table.Words;
        var before = new TextPhrase();
        block.Clear();
        while (words.MoveNext())
        {
            if (block.IsFull)
            {
                AddBlock(block, options, table, ref before);
                block.Clear();
            }

            block.Add(words);
        }

        AddBlock(block, options, table, ref before);
    }

    private static void AddBlock(
        TextWordBlock block,
        HashingTextEncoderOptions options,
        TextFeatureTable table,
        ref TextPhrase before)
    {
        bool hasGrams = options.GramWeight > 0 && block.HasGrams;
        if (hasGrams)
        {
            block.HashGrams(options.GramLengthMin, options.GramLengthMax);
        }

        foreach (ref readonly TextWord place in block.Words)
        {
            Span<char> word = block.WordAt(place);
            ulong wordState = FeatureHash.Append(FeatureHash.Start, word);
            ulong runBefore = place.ContinuesRun ? before.Run : FeatureHash.Start;
            before.Run = place.ContinuesRun ? FeatureHash.Append(before.Run, word) : wordState;
            before.RunWordCount = place.ContinuesRun ? before.RunWordCount + 1 : 1;
            if (hasGrams && !place.IsIdeograph)
            {
                AddGrams(block, place, options, table);
            }

            Span<char> stem = options.Stem ? word[..EnglishStemmer.Stem(word)] : word;
            AddWord(FeatureHash.Start, stem, 1, table);
            if (options.PairWeight > 0 && place.ContinuesPhrase)
            {
                AddWord(before.Word, stem, options.PairWeight, table);
            }

            if (options.PairWeight > 0 && before.RunWordCount > 2 && !place.IsIdeograph)
            {
                AddWord(runBefore, stem, options.PairWeight, table);
            }

            before.Word = wordState;
        }
    }

    private static void AddWord(
        ulong state, ReadOnlySpan<char> stem, float weight, TextFeatureTable table)
    {
        ulong hash = FeatureHash.Append(state, stem);
        table.Add(FeatureHash.Finish(hash, FeatureHash.WordKind), weight);
    }

    // All n-grams of a word weigh together what GramWeight says, whatever the word's length: each
    // of c grams weighs GramWeight / sqrt(c), so that the sum of squares is GramWeight^2.
    private static void AddGrams(
        TextWordBlock block,
        in TextWord word,
        HashingTextEncoderOptions options,
        TextFeatureTable table)
    {
        // The n-gram of the whole marked word would only repeat the word.
        int length = word.Length + 2;
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
            int longestHere = Math.Min(longest, length - start);
            for (int n = shortest; n <= longestHere; n++)
            {
                table.Add(block.GramAt(word.Offset + start, n - shortest), weight);
            }
        }
    }
}
