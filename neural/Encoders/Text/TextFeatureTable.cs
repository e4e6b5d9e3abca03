namespace NeuroDb.Neural;

/// <summary>
/// The features of one text, each with its occurrences and their weights, in the order of first
/// occurrence, so that sums over them are the same on every machine. Owned by one thread, reused
/// from text to text.
/// </summary>
internal sealed class TextFeatureTable
{
    private const int CapacityMin = 1024;

    private TextFeature[] _features = new TextFeature[CapacityMin / 2];
    private int[] _slots = new int[CapacityMin];
    private int _count;

    /// <summary>The features seen since the last <see cref="Clear"/>.</summary>
    public ReadOnlySpan<TextFeature> Features => _features.AsSpan(0, _count);

    /// <summary>Where the words of a text are put together, by the same thread.</summary>
    public TextWordBlock Words { get; } = new();

    /// <summary>Forgets all features; memory of an unusually long text is given back.</summary>
    public void Clear()
    {
        if (_slots.Length > CapacityMin * 64)
        {
            _features = new TextFeature[CapacityMin / 2];
            _slots = new int[CapacityMin];
        }
        else
        {
            int mask = _slots.Length - 1;
            foreach (ref readonly TextFeature feature in Features)
            {
                _slots[feature.Slot & mask] = 0;
            }
        }

        _count = 0;
    }

    /// <summary>Counts one occurrence of a feature.</summary>
    public void Add(ulong feature, float weight)
    {
        int mask = _slots.Length - 1;
        int slot = (int)feature & mask;
        while (_slots[slot] != 0)
        {
            ref TextFeature known = ref _features[_slots[slot] - 1];
            if (known.Hash == feature)
            {
                known.WeightSum += weight;
                known.OccurrenceCount++;
                return;
            }

            slot = (slot + 1) & mask;
        }

        if (_count == _features.Length)
        {
            Grow();
            Add(feature, weight);
            return;
        }

        _features[_count++] = new TextFeature
        {
            Hash = feature, WeightSum = weight, OccurrenceCount = 1, Slot = slot,
        };
        _slots[slot] = _count;
    }

    private void Grow()
    {
        Array.Resize(ref _features, _features.Length * 2);
        _slots = new int[_slots.Length * 2];
        int mask = _slots.Length - 1;
        for (int i = 0; i < _count; i++)
        {
            int slot = (int)_features[i].Hash & mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = i + 1;
            _features[i].Slot = slot;
        }
    }
}
