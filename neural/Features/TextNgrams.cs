namespace NeuroDb.Neural;

/// <summary>
/// Words and pairs of neighbouring words that a text has, each once, hashed to places with random
/// signs and weighted by how rare a place is among the texts of the training; a text has length 1
/// (Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009).
/// </summary>
internal sealed class TextNgrams(int size)
{
    [ThreadStatic]
    private static HashSet<ulong>? _units;

    private readonly HashSet<int> _seen = [];
    private float[] _weights = new float[size];
    private long _texts;

    /// <summary>The weight of each place, after the fit.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    /// <summary>Counts the places of a text.</summary>
    public void Observe(string? text)
    {
        if (text == null)
        {
            return;
        }

        _texts++;
        _seen.Clear();
        foreach (ulong hash in Units(text))
        {
            int place = (int)(hash % (ulong)size);
            if (_seen.Add(place))
            {
                _weights[place]++;
            }
        }
    }

    /// <summary>The root of log((1 + texts) / (1 + texts with the place)) + 1.</summary>
    public void EndFit()
    {
        for (int i = 0; i < size; i++)
        {
            _weights[i] = (float)Math.Sqrt(Math.Log((1.0 + _texts) / (1 + _weights[i])) + 1);
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
        units.Clear();
        foreach (ulong hash in Units(text))
        {
            if (units.Add(hash))
            {
                int place = (int)(hash % (ulong)size);
                output[place] += (hash >> 63) == 0 ? _weights[place] : -_weights[place];
            }
        }

        double norm = VectorArithmetic.SquaredNorm(output);
        VectorArithmetic.Scale(output, norm > 0 ? (float)(1 / Math.Sqrt(norm)) : 0);
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

    /// <summary>The hashes of the words and of the pairs of neighbouring words.</summary>
    public static IEnumerable<ulong> Units(string text)
    {
        ulong before = 0;
        foreach (ulong word in Words(text))
        {
            yield return word;
            if (before != 0)
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
