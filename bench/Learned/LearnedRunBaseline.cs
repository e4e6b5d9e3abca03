using NeuroDb.Gpu;

namespace NeuroDb.Bench;

/// <summary>
/// A sealed run as storage keeps it: sorted keys, their rows beside them, and the model.
/// </summary>
internal sealed class LearnedRunBaseline
{
    private readonly PinnedArray<ulong> _keys;
    private readonly PinnedArray<long> _values;

    /// <summary>Takes sorted keys, whose values are their places.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="errorBound">That of the lines; 0 to choose it, below 0 for the tree.</param>
    public LearnedRunBaseline(ReadOnlySpan<ulong> keys, int errorBound)
    {
        _keys = new PinnedArray<ulong>(keys.Length);
        keys.CopyTo(_keys.Span);
        _values = new PinnedArray<long>(keys.Length);
        for (int i = 0; i < keys.Length; i++)
        {
            _values[i] = i;
        }

        Model = errorBound < 0
            ? LearnedModelBuilder.BuildPlain(_keys.Span)
            : LearnedModelBuilder.Build(_keys.Span, errorBound);
    }

    /// <summary>The model.</summary>
    public LearnedModel Model { get; }

    /// <summary>The keys.</summary>
    public ReadOnlySpan<ulong> Keys => _keys.Span;

    /// <summary>The value of a key, or -1.</summary>
    public long Get(ulong key)
    {
        ReadOnlySpan<ulong> keys = _keys.Span;
        int place = LearnedSearch.LowerBound<long>(Model, keys, _values.Span, key);
        return place < keys.Length && keys[place] == key ? _values[place] : -1;
    }

    /// <summary>The values of many keys.</summary>
    public void Get(ReadOnlySpan<ulong> queries, Span<long> values)
    {
        ReadOnlySpan<ulong> keys = _keys.Span;
        Span<int> places = stackalloc int[LearnedSearch.GroupCount];
        for (int start = 0; start < queries.Length; start += places.Length)
        {
            ReadOnlySpan<ulong> group =
                queries.Slice(start, Math.Min(places.Length, queries.Length - start));
            LearnedSearch.LowerBounds(Model, keys, group, places);
            for (int i = 0; i < group.Length; i++)
            {
                CacheLines.Prefetch(ref _values[places[i]]);
            }

            for (int i = 0; i < group.Length; i++)
            {
                int place = places[i];
                values[start + i] = place < keys.Length && keys[place] == group[i]
                    ? _values[place]
                    : -1;
            }
        }
    }
}
