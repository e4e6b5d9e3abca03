using System.Runtime.InteropServices;
using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// The units of texts that a model knows, learned from the texts of its training: words, pairs of
/// neighbours and character n-grams, or words alone. A text becomes pairs of a number and a weight
/// in the order of first occurrence, numbers from 1; a pair of zeros stands behind the last one.
/// After <see cref="EndFit"/> it is immutable.
/// </summary>
/// <remarks>
/// Units are told apart by their 64-bit hashes. A unit weighs sqrt(occurrences) * kind weight *
/// rarity, where rarity is sqrt(ln(1 + (N - n + 0.5) / (n + 0.5))) of n texts with the unit among
/// N; the weights of a text have length 1. Words alone weigh a / (a + p) for each occurrence, p
/// their share of all words (Arora et al., "A Simple but Tough-to-Beat Baseline for Sentence
/// Embeddings", ICLR 2017, section 3), and stand as often as they occur. Of a text with more units
/// than there is room for, the heaviest stay, of words the first. Where tokens were learned, they
/// stand for words, and there are no character n-grams.
/// </remarks>
internal sealed class UnitVocabulary(
    bool isWordsOnly, int sizeMax, int unitCountMax, int countMin, TextTokens? tokens = null)
{
    /// <summary>The most units of a vocabulary.</summary>
    public const int UnitCountLimit = 1 << 22;

    private const int SeenMax = 1 << 24;
    private const double Smoothing = 1e-3;

    private static readonly HashingTextEncoderOptions AllKinds = new();
    private static readonly HashingTextEncoderOptions WordKind =
        new() { GramWeight = 0, PairWeight = 0 };

    [ThreadStatic]
    private static TextFeatureTable? _threadTable;

    private readonly HashingTextEncoderOptions _kinds = isWordsOnly ? WordKind : AllKinds;
    private readonly Dictionary<ulong, (int Texts, long Occurrences)> _seen = [];
    private readonly Dictionary<ulong, int> _numbers = [];
    private ulong[] _hashes = [];
    private float[] _weights = [];
    private long _textCount;
    private long _occurrenceCount;

    /// <summary>How many units there are.</summary>
    public int Count => _hashes.Length;

    /// <summary>How many texts it was learned from.</summary>
    public long TextCount => _textCount;

    /// <summary>The most units of a text.</summary>
    public int SizeMax => sizeMax;

    /// <summary>The weight of each unit, that of the number n at n - 1.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    /// <summary>Counts the units of a text.</summary>
    public void Observe(string? text)
    {
        if (text is null)
        {
            return;
        }

        _textCount++;
        foreach (ref readonly TextFeature feature in Extract(text))
        {
            ref (int Texts, long Occurrences) counts =
                ref CollectionsMarshal.GetValueRefOrAddDefault(_seen, feature.Hash, out _);
            counts.Texts++;
            counts.Occurrences += feature.OccurrenceCount;
            _occurrenceCount += feature.OccurrenceCount;
        }

        // Of a long tail, what was seen once is forgotten before memory is short.
        if (_seen.Count > SeenMax)
        {
            foreach (ulong rare in _seen.Where(static it => it.Value.Texts == 1)
                .Select(static it => it.Key).ToArray())
            {
                _seen.Remove(rare);
            }
        }
    }

    /// <summary>
    /// Keeps the units of the most texts; equally frequent ones by their hashes, so that the order
    /// of the texts does not matter.
    /// </summary>
    public void EndFit()
    {
        bool isAny = _seen.Any(it => it.Value.Texts >= countMin);
        KeyValuePair<ulong, (int Texts, long Occurrences)>[] kept =
        [
            .. _seen.Where(it => it.Value.Texts >= countMin || !isAny)
                .OrderByDescending(static it => it.Value.Texts)
                .ThenBy(static it => it.Key)
                .Take(unitCountMax),
        ];
        _hashes = [.. kept.Select(static it => it.Key)];
        _weights = [.. kept.Select(it => (float)WeightOf(it.Value.Texts, it.Value.Occurrences))];
        AssignNumbers();
        _seen.Clear();
        _seen.TrimExcess();
    }

    /// <summary>
    /// Fills pairs of numbers and weights; false for NULL and for a text of unknown units only.
    /// </summary>
    public bool TryApply(string? text, Span<float> output)
    {
        output.Clear();
        if (text is null)
        {
            return false;
        }

        if (isWordsOnly)
        {
            return TryWords(text, output);
        }

        ReadOnlySpan<TextFeature> features = Extract(text);
        var known = new (int Number, float Weight)[features.Length];
        int count = 0;
        foreach (ref readonly TextFeature feature in features)
        {
            if (_numbers.TryGetValue(feature.Hash, out int number))
            {
                known[count++] = (
                    number,
                    _weights[number - 1] * feature.WeightSum
                        / MathF.Sqrt(feature.OccurrenceCount));
            }
        }

        Span<(int Number, float Weight)> units = Heaviest(known, count, output.Length / 2);
        for (int i = 0; i < units.Length; i++)
        {
            output[2 * i] = units[i].Number;
            output[(2 * i) + 1] = units[i].Weight;
        }

        return TryNormalize(output, units.Length);
    }

    internal void Write(ByteWriter writer)
    {
        writer.Number(isWordsOnly ? 1 : 0);
        writer.Number(_textCount);
        writer.Number(Count);
        for (int i = 0; i < Count; i++)
        {
            writer.Number((long)_hashes[i]);
            writer.Single(_weights[i]);
        }
    }

    internal void Read(ref ByteReader reader)
    {
        if (reader.Count(1) != (isWordsOnly ? 1 : 0))
        {
            throw NeuralErrors.MalformedModel("the units of a text transform are of another kind");
        }

        _textCount = reader.Number();
        int count = reader.Count(UnitCountLimit);
        reader.Require(12L * count);
        _hashes = new ulong[count];
        _weights = new float[count];
        for (int i = 0; i < count; i++)
        {
            _hashes[i] = (ulong)reader.Number();
            _weights[i] = reader.Single();
        }

        AssignNumbers();
    }

    private void AssignNumbers()
    {
        _numbers.EnsureCapacity(Count);
        for (int i = 0; i < Count; i++)
        {
            if (!_numbers.TryAdd(_hashes[i], i + 1))
            {
                throw NeuralErrors.MalformedModel("a unit of a text transform stands there twice");
            }
        }
    }

    // Every known word in its order, as often as it stands there: trainers read what is beside it.
    private bool TryWords(string text, Span<float> output)
    {
        int count = 0;
        if (tokens is not null)
        {
            foreach (int token in TokensOf(text))
            {
                AddWord(TextTokens.HashOf(token), output, ref count);
            }

            return TryNormalize(output, count);
        }

        Span<char> buffer = stackalloc char[TextTokenizer.WordLengthMax];
        var words = new TextTokenizer(text, buffer);
        while (2 * count < output.Length && words.MoveNext())
        {
            Span<char> word = words.Word;
            ulong state = FeatureHash.Append(
                FeatureHash.Start, word[..EnglishStemmer.Stem(word)]);
            AddWord(FeatureHash.Finish(state, FeatureHash.WordKind), output, ref count);
        }

        return TryNormalize(output, count);
    }

    private void AddWord(ulong hash, Span<float> output, ref int count)
    {
        if (2 * count < output.Length && _numbers.TryGetValue(hash, out int number))
        {
            output[2 * count] = number;
            output[(2 * count) + 1] = _weights[number - 1];
            count++;
        }
    }

    private static bool TryNormalize(Span<float> output, int count)
    {
        double squares = 0;
        for (int i = 0; i < count; i++)
        {
            squares += (double)output[(2 * i) + 1] * output[(2 * i) + 1];
        }

        float scale = squares > 0 ? (float)(1 / Math.Sqrt(squares)) : 0;
        for (int i = 0; i < count; i++)
        {
            output[(2 * i) + 1] *= scale;
        }

        return squares > 0;
    }

    private double WeightOf(int texts, long occurrences) => isWordsOnly
        ? Smoothing / (Smoothing + ((double)occurrences / _occurrenceCount))
        : Math.Sqrt(Math.Log(1 + ((Math.Max(0, _textCount - texts) + 0.5) / (texts + 0.5))));

    private ReadOnlySpan<TextFeature> Extract(string text)
    {
        TextFeatureTable table = _threadTable ??= new TextFeatureTable();
        table.Clear();
        if (tokens is null)
        {
            TextFeatureExtractor.Extract(text, _kinds, table);
        }
        else
        {
            ExtractTokens(TokensOf(text), table);
        }

        return table.Features;
    }

    // A text of blanks says nothing, although tokens of blanks may be known.
    private ReadOnlySpan<int> TokensOf(string text) =>
        string.IsNullOrWhiteSpace(text) ? [] : tokens!.Tokenizer.EncodeText(text);

    // Tokens, and pairs of neighbours where words are not alone.
    private void ExtractTokens(ReadOnlySpan<int> found, TextFeatureTable table)
    {
        ulong before = 0;
        foreach (int token in found)
        {
            ulong hash = TextTokens.HashOf(token);
            table.Add(hash, 1);
            if (before != 0 && !isWordsOnly)
            {
                table.Add(Hash64.Combine(before, hash), AllKinds.PairWeight);
            }

            before = hash;
        }
    }

    private static Span<(int Number, float Weight)> Heaviest(
        (int Number, float Weight)[] units, int count, int room)
    {
        if (count <= room)
        {
            return units.AsSpan(0, count);
        }

        int[] kept =
        [
            .. Enumerable.Range(0, count)
                .OrderByDescending(i => units[i].Weight)
                .ThenBy(static i => i)
                .Take(room)
                .Order(),
        ];
        for (int i = 0; i < room; i++)
        {
            units[i] = units[kept[i]];
        }

        return units.AsSpan(0, room);
    }
}
