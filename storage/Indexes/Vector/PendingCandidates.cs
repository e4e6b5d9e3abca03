using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// Rows of a part whose codes leave them in the running, until they are compared exactly: places,
/// estimated ranks and lower bounds of these. One thread owns it.
/// </summary>
/// <remarks>
/// A row is known by its list and its slot until the ordinals of those that are left are found
/// together: each lies in a line of its own.
/// </remarks>
internal sealed class PendingCandidates
{
    private const int SlotBits = 32;

    private long[] _places = new long[256];
    private float[] _estimates = new float[256];
    private float[] _lowers = new float[256];
    private int[] _ordinals = new int[256];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many there is memory for.</summary>
    public int Capacity => _places.Length;

    /// <summary>The ordinals of the rows, when they have been found.</summary>
    public ReadOnlySpan<int> Ordinals => _ordinals.AsSpan(0, Count);

    /// <summary>Their lower bounds.</summary>
    public ReadOnlySpan<float> Lowers => _lowers.AsSpan(0, Count);

    /// <summary>Adds those survivors of a list whose bounds do not lie above a rank.</summary>
    public void Add(int list, ListSurvivors survivors, int count, float threshold)
    {
        if (_places.Length < Count + count)
        {
            int length = Math.Max(Count + count, 2 * _places.Length);
            Array.Resize(ref _places, length);
            Array.Resize(ref _estimates, length);
            Array.Resize(ref _lowers, length);
            Array.Resize(ref _ordinals, length);
        }

        Span<int> kept = _ordinals.AsSpan(Count, count);
        kept = kept[..Minimum.IndexesUpTo(survivors.Lowers.AsSpan(0, count), threshold, kept)];
        long first = (long)list << SlotBits;
        int at = Count;
        foreach (int i in kept)
        {
            _places[at] = first | (uint)survivors.Slots[i];
            _estimates[at] = survivors.Estimates[i];
            _lowers[at] = survivors.Lowers[i];
            at++;
        }

        Count = at;
    }

    /// <summary>Asks for the ordinals of all rows, which lie in the lists of a part.</summary>
    public void PrefetchOrdinals(VectorPart part)
    {
        foreach (long place in _places.AsSpan(0, Count))
        {
            CacheLines.Prefetch(in OrdinalOf(part, place));
        }
    }

    /// <summary>Finds the ordinals of all rows.</summary>
    public void FindOrdinals(VectorPart part)
    {
        for (int i = 0; i < Count; i++)
        {
            _ordinals[i] = OrdinalOf(part, _places[i]);
        }
    }

    /// <summary>Takes out the rows from a place on whose bounds lie above a rank.</summary>
    public void Drop(float threshold, int start)
    {
        int kept = start;
        for (int i = start; i < Count; i++)
        {
            Move(i, kept);
            kept += _lowers[i] > threshold ? 0 : 1;
        }

        Count = kept;
    }

    /// <summary>
    /// Moves the rows with the lowest estimates to the front, in their order; gives their number.
    /// </summary>
    public int PutBestFirst(int wanted)
    {
        int kept = 0;
        for (int i = 0; i < Count && wanted > 0; i++)
        {
            float estimate = _estimates[i];
            if (kept == wanted && !(estimate < _estimates[kept - 1]))
            {
                continue;
            }

            int place = kept < wanted ? kept++ : kept - 1;
            Swap(place, i);
            while (place > 0 && estimate < _estimates[place - 1])
            {
                Swap(place, place - 1);
                place--;
            }
        }

        return kept;
    }

    /// <summary>Takes out all rows.</summary>
    public void Clear() => Count = 0;

    private static ref readonly int OrdinalOf(VectorPart part, long place) =>
        ref part.PlaceOf((int)(place >> SlotBits)).Ordinal((int)place);

    private void Move(int from, int to)
    {
        _places[to] = _places[from];
        _estimates[to] = _estimates[from];
        _lowers[to] = _lowers[from];
        _ordinals[to] = _ordinals[from];
    }

    private void Swap(int a, int b)
    {
        (_places[a], _places[b]) = (_places[b], _places[a]);
        (_estimates[a], _estimates[b]) = (_estimates[b], _estimates[a]);
        (_lowers[a], _lowers[b]) = (_lowers[b], _lowers[a]);
    }
}
