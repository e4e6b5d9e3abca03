using System.Buffers;

namespace NeuroDb.Neural;

/// <summary>
/// Takes common English endings off a word, so that reads, reading and read are one feature. Far
/// lighter than Porter's stemmer (1980): plurals, -ing, -ed and a final e only, and only where a
/// vowel and three letters remain. Words with letters outside a-z are left alone.
/// </summary>
internal static class EnglishStemmer
{
    private const int StemLengthMin = 3;
    private static readonly SearchValues<char> Vowels = SearchValues.Create("aeiouy");

    /// <summary>The length of the word's stem; the units before it may be changed.</summary>
    public static int Stem(Span<char> word)
    {
        if (word.Length <= StemLengthMin || !char.IsAsciiLetterLower(word[^1]))
        {
            return word.Length;
        }

        int length = WithoutPlural(word);
        int shorter = WithoutSuffix(word[..length]);
        if (shorter > StemLengthMin && word[shorter - 1] == 'e')
        {
            shorter--;
        }

        return shorter;
    }

    private static int WithoutPlural(Span<char> word)
    {
        int length = word.Length;
        if (word[^1] != 's' || word[^2] is 's' or 'u' or 'i')
        {
            return length;
        }

        if (word.EndsWith("ies") && length > 4)
        {
            word[length - 3] = 'y';
            return length - 2;
        }

        bool hissing = word.EndsWith("sses") || word.EndsWith("xes") || word.EndsWith("ches")
            || word.EndsWith("shes");
        return hissing ? length - 2 : length - 1;
    }

    private static int WithoutSuffix(Span<char> word)
    {
        int length = word.Length;
        int stem = word.EndsWith("ing") ? length - 3 : word.EndsWith("ed") ? length - 2 : length;
        if (stem == length || stem < StemLengthMin || !HasVowel(word[..stem]))
        {
            return length;
        }

        char last = word[stem - 1];
        bool isDoubled = stem > StemLengthMin && last == word[stem - 2]
            && last is not ('l' or 's' or 'z' or 'e');
        return isDoubled ? stem - 1 : stem;
    }

    private static bool HasVowel(ReadOnlySpan<char> word) => word.ContainsAny(Vowels);
}
