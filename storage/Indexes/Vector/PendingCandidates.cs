using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// Rows whose codes leave them in the running, until they are compared exactly: places, estimated
/// ranks and lower bounds of these. One thread owns it.
/// </summary>
internal sealed class PendingCandidates
{
    private int[] _ordinals = new int[256];
    private float[] _estimates = new float[256];
    private float[] _lowers = new float[256];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many there is memory for.</summary>
    public int Capacity => _ordinals.Length;

    /// <summary>The places of the rows.</summary>
    public ReadOnlySpan<int> Ordinals => _ordinals.AsSpan(0, Count);

    /// <summary>Their lower bounds.</summary>
    public ReadOnlySpan<float> Lowers => _lowers.AsSpan(0, Count);

    /// <summary>Adds those survivors of a list whose bounds do not lie above a rank.</summary>
    public void Add(int[] ordinals, ListSurvivors survivors, int count, float threshold)
    {
        if (_ordinals.Length < Count + count)
        {
            int length = Math.Max(Count + count, 2 * _ordinals.Length);
            Array.Resize(ref _ordinals, length);
            Array.Resize(ref _estimates, length);
            Array.Resize(ref _lowers, length);
        }

        // The lines of the ordinals lie far apart: all are asked for before the first is read.
        Span<int> kept = _ordinals.AsSpan(Count, count);
        ReadOnlySpan<int> slots = survivors.Slots;
        kept = kept[..Minimum.IndexesUpTo(survivors.Lowers.AsSpan(0, count), threshold, kept)];
        foreach (int i in kept)
        {
            CacheLines.Prefetch(ref ordinals[slots[i]]);
        }

        int at = Count;
        foreach (int i in kept)
        {
            _ordinals[at] = ordinals[slots[i]];
            _estimates[at] = survivors.Estimates[i];
            _lowers[at] = survivors.Lowers[i];
            at++;
        }

        Count = at;
    }

    /// <summary>Takes out the rows from a place on whose bounds lie above a rank.</summary>
    public void Drop(float threshold, int start)
    {
        int kept = start;
        for (int i = start; i < Count; i++)
        {
            _ordinals[kept] = _ordinals[i];
            _estimates[kept] = _estimates[i];
            _lowers[kept] = _lowers[i];
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

    private void Swap(int a, int b)
    {
        (_ordinals[a], _ordinals[b]) = (_ordinals[b], _ordinals[a]);
        (_estimates[a], _estimates[b]) = (_estimates[b], _estimates[a]);
        (_lowers[a], _lowers[b]) = (_lowers[b], _lowers[a]);
    }
}
