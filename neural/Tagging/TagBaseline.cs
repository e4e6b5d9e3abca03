namespace NeuroDb.Neural;

/// <summary>
/// The guess without any context: each word has the tag that it had most often, and a new word the
/// most frequent tag of all.
/// </summary>
internal sealed class TagBaseline
{
    private readonly Dictionary<string, int> _best = new(StringComparer.Ordinal);
    private readonly int _usual;

    /// <summary>A guess that learned from texts.</summary>
    public TagBaseline(IEnumerable<TaggedText> texts)
    {
        var counts = new Dictionary<(string Word, int Tag), long>();
        var all = new Dictionary<int, long>();
        foreach (TaggedText text in texts)
        {
            for (int i = 0; i < text.Tags.Length; i++)
            {
                (string, int) key = (text.UnitAt(i), text.Tags[i]);
                counts[key] = counts.GetValueOrDefault(key) + 1;
                all[text.Tags[i]] = all.GetValueOrDefault(text.Tags[i]) + 1;
            }
        }

        // Of equals the tag that came first.
        foreach (((string word, int tag), long count) in counts
            .OrderByDescending(static it => it.Value).ThenBy(static it => it.Key.Tag))
        {
            _best.TryAdd(word, tag);
        }

        _usual = all.OrderByDescending(static it => it.Value).ThenBy(static it => it.Key)
            .Select(static it => it.Key).FirstOrDefault();
    }

    /// <summary>The tags of the units of a text.</summary>
    public int[] Tag(TaggedText text)
    {
        var tags = new int[text.Tags.Length];
        for (int i = 0; i < tags.Length; i++)
        {
            tags[i] = _best.GetValueOrDefault(text.UnitAt(i), _usual);
        }

        return tags;
    }
}
