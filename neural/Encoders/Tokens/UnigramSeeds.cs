using System.Runtime.InteropServices;

namespace NeuroDb.Neural;

/// <summary>
/// The tokens that <see cref="UnigramTrainer"/> begins with: the frequent characters, and of the
/// longer parts of pieces that stand there twice or more those with the largest product of count
/// and length.
/// </summary>
/// <remarks>
/// A part of n + 1 characters can be frequent only if its first n and its last n are, so each
/// length looks only at what the one before left, and a part is known by the numbers of these two.
/// </remarks>
internal sealed class UnigramSeeds
{
    private const int SeedsPerToken = 8;
    private const int SeedsMax = 1 << 19;
    private const int CharactersMax = 16;
    private const long CountMin = 2;
    private const double Coverage = 0.9995;
    private const int Rare = -1;

    private readonly byte[] _bytes;
    private readonly int[] _starts;
    private readonly int[] _left;
    private readonly long[] _weights;

    private UnigramSeeds(IReadOnlyList<(byte[] Bytes, long Count)> pieces)
    {
        var starts = new List<int>();
        var left = new List<int>();
        var weights = new List<long>();
        int at = 0;
        foreach ((byte[] bytes, long count) in pieces)
        {
            int first = starts.Count;
            for (int i = 0; i < bytes.Length;)
            {
                starts.Add(at + i);
                weights.Add(count);
                i += TokenPieces.CharacterLength(bytes.AsSpan(i));
            }

            for (int i = first; i < starts.Count; i++)
            {
                left.Add(starts.Count - i);
            }

            at += bytes.Length;
        }

        _bytes = [.. pieces.SelectMany(static it => it.Bytes)];
        _starts = [.. starts, at];
        _left = [.. left];
        _weights = [.. weights];
    }

    /// <summary>The tokens to begin with, for so many at the end.</summary>
    public static List<UnigramSeed> Find(
        IReadOnlyList<(byte[] Bytes, long Count)> pieces, int vocabulary) =>
        new UnigramSeeds(pieces).Run(vocabulary);

    private List<UnigramSeed> Run(int vocabulary)
    {
        List<UnigramSeed> tokens = Characters(vocabulary);
        var longer = new List<(int At, int Length, long Count)>();
        int[] shorter = NumberCharacters();
        for (int length = 2; length <= CharactersMax; length++)
        {
            (int[] numbers, List<(int At, long Count)> found) = Extend(shorter, length);
            longer.AddRange(found.Select(it => (it.At, length, it.Count)));
            shorter = numbers;
            if (found.Count == 0)
            {
                break;
            }
        }

        long room = Math.Min((long)vocabulary * SeedsPerToken, SeedsMax);
        tokens.AddRange(longer
            .Select(it => (Bytes: BytesOf(it.At, it.Length), it.Length, it.Count))
            .Where(static it => it.Bytes.Length <= SubwordTokenizer.TokenBytesMax)
            .OrderByDescending(static it => it.Count * it.Length)
            .ThenBy(static it => Convert.ToHexString(it.Bytes), StringComparer.Ordinal)
            .Take((int)room)
            .Select(static it => new UnigramSeed(it.Bytes, it.Count, false)));
        return tokens;
    }

    private List<UnigramSeed> Characters(int vocabulary)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        for (int i = 0; i < _weights.Length; i++)
        {
            string name = Convert.ToHexString(BytesOf(i, 1));
            CollectionsMarshal.GetValueRefOrAddDefault(counts, name, out _) += _weights[i];
        }

        double all = counts.Values.Sum();
        double covered = 0;
        int room = vocabulary / 2;
        var tokens = new List<UnigramSeed>();
        foreach ((string name, long count) in counts
            .OrderByDescending(static it => it.Value)
            .ThenBy(static it => it.Key, StringComparer.Ordinal))
        {
            byte[] bytes = Convert.FromHexString(name);
            room -= bytes.Length > 1 ? 1 : 0;
            if (covered >= Coverage * all || room < 0)
            {
                break;
            }

            covered += count;
            tokens.Add(new UnigramSeed(bytes, count, true));
        }

        return tokens;
    }

    private int[] NumberCharacters()
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var result = new int[_weights.Length];
        for (int i = 0; i < result.Length; i++)
        {
            string name = Convert.ToHexString(BytesOf(i, 1));
            ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(
                numbers, name, out bool isKnown);
            number = isKnown ? number : numbers.Count - 1;
            result[i] = number;
        }

        return result;
    }

    // The numbers of the frequent parts of a length at each character, from those one shorter.
    private (int[] Numbers, List<(int At, long Count)> Found) Extend(int[] shorter, int length)
    {
        var counts = new Dictionary<long, (int At, long Count)>();
        for (int i = 0; i + 1 < shorter.Length; i++)
        {
            if (_left[i] >= length && shorter[i] != Rare && shorter[i + 1] != Rare)
            {
                ref (int At, long Count) it = ref CollectionsMarshal.GetValueRefOrAddDefault(
                    counts, Key(shorter, i), out bool isKnown);
                it = (isKnown ? it.At : i, it.Count + _weights[i]);
            }
        }

        var found = new List<(int At, long Count)>();
        var numbers = new Dictionary<long, int>();
        foreach ((long key, (int At, long Count) it) in counts)
        {
            if (it.Count >= CountMin)
            {
                numbers[key] = found.Count;
                found.Add(it);
            }
        }

        var result = new int[shorter.Length];
        Array.Fill(result, Rare);
        for (int i = 0; i + 1 < shorter.Length; i++)
        {
            if (_left[i] >= length && shorter[i] != Rare && shorter[i + 1] != Rare)
            {
                result[i] = numbers.GetValueOrDefault(Key(shorter, i), Rare);
            }
        }

        return (result, found);
    }

    private static long Key(int[] numbers, int at) =>
        ((long)numbers[at] << 32) | (uint)numbers[at + 1];

    private byte[] BytesOf(int at, int length) =>
        _bytes[_starts[at].._starts[at + length]];
}
