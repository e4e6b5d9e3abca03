namespace NeuroDb.Neural;

/// <summary>Tags by number, in the order in which they were first seen.</summary>
internal sealed class TagNames
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    /// <summary>Tags that are known already.</summary>
    public TagNames(IEnumerable<string> known)
    {
        foreach (string name in known)
        {
            NumberOf(name);
        }
    }

    /// <summary>How many there are.</summary>
    public int Count => _names.Count;

    /// <summary>Whether some tag says how an entity begins or goes on.</summary>
    public bool HasEntities => _names.Exists(EntityTags.HasPrefix);

    /// <summary>The tag of a number.</summary>
    public string this[int number] => _names[number];

    /// <summary>The number of a tag, a new one if it was never seen.</summary>
    public int NumberOf(string name)
    {
        if (!_numbers.TryGetValue(name, out int number))
        {
            number = _names.Count;
            _names.Add(name);
            _numbers.Add(name, number);
        }

        return number;
    }

    /// <summary>The number of the tag of what follows in the same word.</summary>
    public int ContinuationOf(int number) => NumberOf(EntityTags.ContinuationOf(_names[number]));

    /// <summary>The first tags in order.</summary>
    public string[] ToArray(int count) => [.. _names.Take(count)];
}
