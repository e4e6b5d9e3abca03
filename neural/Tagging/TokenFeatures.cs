using System.Runtime.InteropServices;

namespace NeuroDb.Neural;

/// <summary>
/// What a tagger sees of each token, as hashes: the word and its neighbours, how it begins and
/// ends, how it is written. The order of the templates is part of stored models.
/// </summary>
internal sealed class TokenFeatures(int window)
{
    private const int AffixMax = 4;
    private const int ShapeMax = 12;
    private const ulong Edge = 0x51ED270B27D4EB2F;

    private readonly List<ulong> _words = [];
    private readonly List<ulong> _folded = [];
    private readonly List<ulong> _shapes = [];
    private char[] _buffer = new char[64];

    /// <summary>The most hashes of a token.</summary>
    public int CountMax => 8 + (2 * AffixMax) + (4 * window) + 4;

    /// <summary>Learns the words of a text, before its tokens are asked for.</summary>
    public void Open(string text, ReadOnlySpan<TextToken> tokens)
    {
        _words.Clear();
        _folded.Clear();
        _shapes.Clear();
        foreach (TextToken token in tokens)
        {
            ReadOnlySpan<char> word = text.AsSpan(token.Start, token.Length);
            _words.Add(HashOf(word));
            _folded.Add(HashOf(Fold(word)));
            _shapes.Add(HashOf(ShapeOf(word)));
        }
    }

    /// <summary>The hashes of a token; gives how many there are.</summary>
    public int Fill(
        string text, ReadOnlySpan<TextToken> tokens, int at, Span<ulong> hashes)
    {
        int count = 0;
        ulong template = 0;
        void Add(ulong hash, Span<ulong> into) => into[count++] = Hash64.Combine(++template, hash);
        Add(0, hashes);
        Add(_words[at], hashes);
        Add(_folded[at], hashes);
        Add(_shapes[at], hashes);
        bool isFirst = at == 0 || tokens[at].Word != tokens[at - 1].Word;
        Add(isFirst ? 1UL : 0, hashes);
        ReadOnlySpan<char> folded = Fold(text.AsSpan(tokens[at].Start, tokens[at].Length));
        for (int length = 1; length <= AffixMax; length++)
        {
            template += 2;
            if (folded.Length > length)
            {
                hashes[count++] = Hash64.Combine(template - 1, HashOf(folded[..length]));
                hashes[count++] = Hash64.Combine(template, HashOf(folded[^length..]));
            }
        }

        for (int distance = 1; distance <= window; distance++)
        {
            Add(NeighbourOf(_folded, at - distance), hashes);
            Add(NeighbourOf(_folded, at + distance), hashes);
            Add(NeighbourOf(_shapes, at - distance), hashes);
            Add(NeighbourOf(_shapes, at + distance), hashes);
        }

        ulong before = NeighbourOf(_folded, at - 1);
        ulong behind = NeighbourOf(_folded, at + 1);
        Add(Hash64.Combine(before, _folded[at]), hashes);
        Add(Hash64.Combine(_folded[at], behind), hashes);
        Add(Hash64.Combine(before, behind), hashes);
        Add(Hash64.Combine(NeighbourOf(_folded, at - 2), before), hashes);
        return count;
    }

    private static ulong NeighbourOf(List<ulong> hashes, int at) =>
        at >= 0 && at < hashes.Count ? hashes[at]
        : at < 0 ? Edge : ~Edge;

    private static ulong HashOf(ReadOnlySpan<char> text) =>
        Hash64.Of(MemoryMarshal.AsBytes(text));

    private ReadOnlySpan<char> Fold(ReadOnlySpan<char> word)
    {
        Span<char> buffer = BufferFor(word.Length);
        for (int i = 0; i < word.Length; i++)
        {
            buffer[i] = TextUnits.Fold(word[i]);
        }

        return buffer[..word.Length];
    }

    // Berlin is Xx, IBM is X, 2024 is 9, B2B is X9X: runs count once.
    private ReadOnlySpan<char> ShapeOf(ReadOnlySpan<char> word)
    {
        Span<char> buffer = BufferFor(word.Length + 1);
        int length = 0;
        foreach (char unit in word)
        {
            char sign = char.IsUpper(unit) ? 'X'
                : char.IsLower(unit) ? 'x'
                : char.IsDigit(unit) ? '9'
                : char.IsLetter(unit) ? 'c' : unit;
            if ((length == 0 || buffer[length - 1] != sign) && length < ShapeMax)
            {
                buffer[length++] = sign;
            }
        }

        if (word.Length == 1)
        {
            buffer[length++] = '1';
        }

        return buffer[..length];
    }

    private Span<char> BufferFor(int length)
    {
        if (_buffer.Length < length)
        {
            _buffer = new char[2 * length];
        }

        return _buffer;
    }
}
