namespace NeuroDb.Neural;

/// <summary>
/// Words, and pairs of neighbouring words if these are wanted, that a text has, each once, hashed
/// to places with random signs; a text has length 1 (Weinberger et al., "Feature Hashing for Large
/// Scale Multitask Learning", ICML 2009). A place weighs more the rarer it is among the texts of
/// the training, or the more it tells their classes apart (Wang and Manning, "Baselines and
/// Bigrams", ACL 2012).
/// </summary>
/// <param name="size">The places.</param>
/// <param name="hasPairs">Whether pairs of neighbouring words count.</param>
/// <param name="isByClass">Whether classes decide the weights, rarity otherwise.</param>
/// <param name="tokens">What stands for words; null for words themselves.</param>
internal sealed class TextNgrams(
    int size, bool hasPairs, bool isByClass, TextTokens? tokens = null)
{
    private const int ClassesMax = 64;

    [ThreadStatic]
    private static HashSet<ulong>? _units;

    [ThreadStatic]
    private static HashSet<int>? _places;

    private readonly HashSet<int> _seen = [];
    private readonly List<float[]> _byClass = [];
    private float[] _weights = new float[size];
    private long _texts;

    /// <summary>The weight of each place, after the fit.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    /// <summary>Counts the places of a text of a class; a class below 0 is none.</summary>
    public void Observe(string? text, int number)
    {
        if (text == null || (isByClass && number < 0))
        {
            return;
        }

        _texts++;
        _seen.Clear();
        float[] counts = isByClass ? CountsOf(number) : _weights;
        foreach (ulong hash in UnitsOf(text))
        {
            int place = (int)(hash % (ulong)size);
            if (_seen.Add(place))
            {
                counts[place]++;
            }
        }
    }

    /// <summary>
    /// By rarity: log((1 + texts) / (1 + texts with the place)) + 1. By class: the largest
    /// |log(p / q)| of a class, where p and q are its share of all places of the texts of the class
    /// and of all others, counted from 1.
    /// </summary>
    public void EndFit()
    {
        if (isByClass)
        {
            Compare();
            return;
        }

        for (int i = 0; i < size; i++)
        {
            _weights[i] = (float)(Math.Log((1.0 + _texts) / (1 + _weights[i])) + 1);
        }
    }

    /// <summary>Fills the places of a text; false for NULL.</summary>
    public bool TryApply(string? text, Span<float> output)
    {
        if (text == null)
        {
            return false;
        }

        HashSet<ulong> units = _units ??= [];
        HashSet<int> places = _places ??= [];
        units.Clear();
        places.Clear();
        foreach (ulong hash in UnitsOf(text))
        {
            if (units.Add(hash))
            {
                int place = (int)(hash % (ulong)size);
                output[place] += (hash >> 63) == 0 ? _weights[place] : -_weights[place];
                places.Add(place);
            }
        }

        // Only the places of this text are looked at: a text has hundreds of very many.
        double norm = 0;
        foreach (int place in places)
        {
            norm += (double)output[place] * output[place];
        }

        float scale = norm > 0 ? (float)(1 / Math.Sqrt(norm)) : 0;
        foreach (int place in places)
        {
            output[place] *= scale;
        }

        return true;
    }

    /// <summary>The hashes of the words in order, from 1; 0 behind the last one.</summary>
    public static bool TryWords(string? text, int buckets, Span<float> output)
    {
        if (text == null)
        {
            return false;
        }

        int at = 0;
        foreach (ulong hash in Words(text))
        {
            if (at == output.Length)
            {
                break;
            }

            output[at++] = 1 + (hash % (ulong)(buckets - 1));
        }

        return true;
    }

    private IEnumerable<ulong> UnitsOf(string text) =>
        tokens is null ? Units(text, hasPairs)
        : Paired(
            [.. tokens.Tokenizer.EncodeText(text).ToArray().Select(TextTokens.HashOf)], hasPairs);

    private float[] CountsOf(int number)
    {
        if (number >= ClassesMax)
        {
            throw NeuralErrors.InvalidModel(
                $"ngram_ratios compares up to {ClassesMax} classes; take ngrams for more.");
        }

        while (_byClass.Count <= number)
        {
            _byClass.Add(new float[size]);
        }

        return _byClass[number];
    }

    private void Compare()
    {
        foreach (float[] counts in _byClass)
        {
            for (int i = 0; i < size; i++)
            {
                _weights[i] += counts[i];
            }
        }

        float[] all = _weights;
        double total = all.Sum(static it => (double)it);
        _weights = new float[size];
        foreach (float[] counts in _byClass)
        {
            double own = counts.Sum(static it => (double)it);
            for (int i = 0; i < size; i++)
            {
                double ratio = (1.0 + counts[i]) / (size + own)
                    / ((1.0 + all[i] - counts[i]) / (size + total - own));
                _weights[i] = Math.Max(_weights[i], (float)Math.Abs(Math.Log(ratio)));
            }
        }

        _byClass.Clear();
    }

    internal void Write(ByteWriter writer)
    {
        writer.Number(size);
        foreach (float weight in _weights)
        {
            writer.Single(weight);
        }
    }

    internal void Read(ref ByteReader reader)
    {
        if (reader.Number() != size)
        {
            throw NeuralErrors.MalformedModel("the places of a text transform do not fit");
        }

        reader.Require(4L * size);
        _weights = new float[size];
        for (int i = 0; i < size; i++)
        {
            _weights[i] = reader.Single();
        }
    }

    /// <summary>
    /// The hashes of the words and, if wanted, of the pairs of neighbouring words.
    /// </summary>
    public static IEnumerable<ulong> Units(string text, bool hasPairs) =>
        Paired(Words(text), hasPairs);

    private static IEnumerable<ulong> Paired(IEnumerable<ulong> words, bool hasPairs)
    {
        ulong before = 0;
        foreach (ulong word in words)
        {
            yield return word;
            if (hasPairs && before != 0)
            {
                yield return Hash64.Combine(before, word);
            }

            before = word;
        }
    }

    /// <summary>Runs of letters and digits in lower case; ideographs stand alone.</summary>
    private static IEnumerable<ulong> Words(string text)
    {
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            bool isWord = i < text.Length && (char.IsLetterOrDigit(text[i]) || text[i] == '\'');
            bool isAlone = isWord && text[i] is >= '\u2e80' and <= '\ud7af';
            if ((!isWord || isAlone) && i > start)
            {
                yield return Hash64.Of(text[start..i].ToLowerInvariant());
            }

            if (isAlone)
            {
                yield return Hash64.Of(text[i..(i + 1)]);
            }

            start = isWord && !isAlone ? start : i + 1;
        }
    }
}
