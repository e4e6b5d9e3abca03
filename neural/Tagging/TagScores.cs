namespace NeuroDb.Neural;

/// <summary>How many tags and entities of texts are right, text by text.</summary>
internal sealed class TagScores
{
    private readonly List<(long Right, long Said, long Real, long RightTags, long Tags)>
        _texts = [];

    /// <summary>Texts so far.</summary>
    public int Count => _texts.Count;

    /// <summary>Adds a text.</summary>
    public void Add(IReadOnlyList<string> expected, IReadOnlyList<string> predicted)
    {
        Invariant.Check(expected.Count == predicted.Count);
        HashSet<EntitySpan> real = [.. EntityTags.SpansOf(expected)];
        List<EntitySpan> said = EntityTags.SpansOf(predicted);
        _texts.Add((
            said.Count(real.Contains),
            said.Count,
            real.Count,
            expected.Where((tag, i) => tag == predicted[i]).LongCount(),
            expected.Count));
    }

    /// <summary>2 P R / (P + R) of all entities of texts; 0 for none.</summary>
    public double F1(IEnumerable<int> texts)
    {
        long right = 0;
        long both = 0;
        foreach (int text in texts)
        {
            right += _texts[text].Right;
            both += _texts[text].Said + _texts[text].Real;
        }

        return both == 0 ? 0 : 2.0 * right / both;
    }

    /// <summary>The share of tags of texts that are right.</summary>
    public double Accuracy(IEnumerable<int> texts)
    {
        long right = 0;
        long all = 0;
        foreach (int text in texts)
        {
            right += _texts[text].RightTags;
            all += _texts[text].Tags;
        }

        return all == 0 ? 0 : right / (double)all;
    }

    /// <summary>Right entities among those said.</summary>
    public double Precision => Share(static it => it.Right, static it => it.Said);

    /// <summary>Right entities among those that are.</summary>
    public double Recall => Share(static it => it.Right, static it => it.Real);

    private double Share(
        Func<(long Right, long Said, long Real, long RightTags, long Tags), long> part,
        Func<(long Right, long Said, long Real, long RightTags, long Tags), long> whole)
    {
        long all = _texts.Sum(whole);
        return all == 0 ? 0 : _texts.Sum(part) / (double)all;
    }
}
