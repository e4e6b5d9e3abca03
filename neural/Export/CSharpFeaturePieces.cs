namespace NeuroDb.Neural;

/// <summary>
/// The methods of an exported file that turn texts into numbers, with the hash of the engine.
/// </summary>
internal static class CSharpFeaturePieces
{
    /// <summary>The place of a value, and the text of a number that is one.</summary>
    public const string Values = """
        private static int PlaceOf(string[] values, string? value) =>
            value == null ? -1 : Array.BinarySearch(values, value, StringComparer.Ordinal);

        private static string? TextOf(double value) =>
            double.IsNaN(value) ? null : value.ToString("R", CultureInfo.InvariantCulture);
    """;

    /// <summary>The hash of the engine.</summary>
    public const string Hash = """
        private static ulong Fold(ulong left, ulong right)
        {
            ulong high = Math.BigMul(left, right, out ulong low);
            return high ^ low;
        }

        private static ulong Combine(ulong hash, ulong next) =>
            Fold(hash ^ 0x9E3779B97F4A7C15, next ^ 0xD6E8FEB86659FD93);

        private static ulong Hash(string text)
        {
            ReadOnlySpan<byte> data = MemoryMarshal.AsBytes(text.AsSpan());
            ulong hash = Fold((ulong)data.Length ^ 0xD6E8FEB86659FD93, 0x9E3779B97F4A7C15);
            for (; data.Length >= 8; data = data[8..])
            {
                hash = Fold(hash ^ MemoryMarshal.Read<ulong>(data), 0x9E3779B97F4A7C15);
            }

            ulong tail = 0;
            for (int i = 0; i < data.Length; i++)
            {
                tail |= (ulong)data[i] << (8 * i);
            }

            return Fold(hash ^ tail, 0xD6E8FEB86659FD93);
        }
    """;

    /// <summary>The words of a text.</summary>
    public const string Words = """
        private static List<ulong> Words(string text)
        {
            var words = new List<ulong>();
            int start = 0;
            for (int i = 0; i <= text.Length; i++)
            {
                bool isWord = i < text.Length && (char.IsLetterOrDigit(text[i]) || text[i] == '\'');
                bool isAlone = isWord && text[i] is >= '\u2e80' and <= '\ud7af';
                if ((!isWord || isAlone) && i > start)
                {
                    words.Add(Hash(text[start..i].ToLowerInvariant()));
                }

                if (isAlone)
                {
                    words.Add(Hash(text[i..(i + 1)]));
                }

                start = isWord && !isAlone ? start : i + 1;
            }

            return words;
        }
    """;

    /// <summary>Words and pairs of words at hashed places.</summary>
    public const string Ngrams = """
        private static void Ngrams(
            string text, bool hasPairs, float[] weights, Span<float> output)
        {
            var units = new HashSet<ulong>();
            ulong before = 0;
            foreach (ulong word in Words(text))
            {
                Count(word);
                if (hasPairs && before != 0)
                {
                    Count(Combine(before, word));
                }

                before = word;
            }

            void Count(ulong hash) => units.Add(hash);
            var places = new HashSet<int>();
            foreach (ulong hash in units)
            {
                int place = (int)(hash % (ulong)weights.Length);
                output[place] += (hash >> 63) == 0 ? weights[place] : -weights[place];
                places.Add(place);
            }

            double norm = 0;
            foreach (int place in places)
            {
                norm += (double)output[place] * output[place];
            }

            foreach (int place in places)
            {
                output[place] *= norm > 0 ? (float)(1 / Math.Sqrt(norm)) : 0;
            }
        }
    """;
}
