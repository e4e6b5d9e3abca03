namespace NeuroDb.Storage;

/// <summary>
/// Collects the distinct numbers of a chunk in the order in which they first appear, as long as
/// they are few: an open hash table that gives up when a dictionary would not pay.
/// </summary>
internal sealed class DistinctNumbers
{
    private const int CountMax = 1024;
    private const int SlotCount = 4 * CountMax;
    private readonly short[] _slots = new short[SlotCount];
    private readonly long[] _distinct = new long[CountMax];
    private readonly long[] _places = new long[Limits.ChunkRowCount];
    private int _rowCount;

    /// <summary>How many distinct numbers there are.</summary>
    public int Count { get; private set; }

    /// <summary>The distinct numbers.</summary>
    public ReadOnlySpan<long> Distinct => _distinct.AsSpan(0, Count);

    /// <summary>The place of each row's number among them.</summary>
    public ReadOnlySpan<long> Places => _places.AsSpan(0, _rowCount);

    /// <summary>Collects; false if there are too many.</summary>
    public bool TryCollect(ReadOnlySpan<long> values, int countMax)
    {
        Invariant.Check(values.Length <= _places.Length);
        _slots.AsSpan().Fill(-1);
        Count = 0;
        _rowCount = values.Length;
        int limit = Math.Min(countMax, CountMax);
        for (int i = 0; i < values.Length; i++)
        {
            int slot = (int)(Hash64.Mix((ulong)values[i]) % SlotCount);
            while (_slots[slot] >= 0 && _distinct[_slots[slot]] != values[i])
            {
                slot = (slot + 1) % SlotCount;
            }

            if (_slots[slot] < 0)
            {
                if (Count == limit)
                {
                    return false;
                }

                _slots[slot] = (short)Count;
                _distinct[Count++] = values[i];
            }

            _places[i] = _slots[slot];
        }

        return true;
    }
}
