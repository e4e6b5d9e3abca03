using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>
/// Keeps the k closest candidates seen: a binary heap with the farthest kept one at its root
/// (Williams, Algorithm 232, CACM 1964). One thread owns a heap; each thread of a scan fills its
/// own and they are merged at the end. NaN never enters.
/// </summary>
internal sealed class TopKHeap
{
    /// <summary>The largest k.</summary>
    public const int CapacityMax = 1 << 20;

    private const int FirstAllocation = 64;

    private readonly int _capacity;
    private readonly float _farthest;
    private Candidate[] _items;
    private int _count;

    /// <summary>Makes an empty heap.</summary>
    /// <param name="capacity">How many candidates it keeps.</param>
    /// <param name="farthest">The distance above which nothing enters, however few there are.
    /// </param>
    public TopKHeap(int capacity, float farthest = float.PositiveInfinity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, CapacityMax);
        _capacity = capacity;
        _farthest = farthest;
        _items = new Candidate[Math.Min(capacity, FirstAllocation)];
        Threshold = EmptyThreshold;
    }

    /// <summary>How many candidates are kept, k.</summary>
    public int Capacity => _capacity;

    /// <summary>How many candidates it holds.</summary>
    public int Count => _count;

    /// <summary>
    /// The distance above which nothing enters: a candidate is worth offering only if
    /// <c>distance &lt;= Threshold</c>. The farthest that enters until the heap is full, NaN where
    /// k is 0.
    /// </summary>
    public float Threshold { get; private set; }

    private float EmptyThreshold => _capacity == 0 ? float.NaN : _farthest;

    /// <summary>Takes the candidate if it is among the k closest so far.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAdd(float distance, long id) => distance <= Threshold && Add(new(distance, id));

    /// <summary>The same, by a distance in double precision.</summary>
    public bool TryAdd(Candidate candidate) =>
        (float)candidate.Distance <= Threshold && Add(candidate);

    /// <summary>
    /// Takes from the other heap, which stays as it is, what is among the k closest.
    /// </summary>
    public void MergeFrom(TopKHeap other)
    {
        for (int i = 0; i < other._count; i++)
        {
            TryAdd(other._items[i]);
        }
    }

    /// <summary>The candidates, in no order.</summary>
    public ReadOnlySpan<Candidate> Items => _items.AsSpan(0, _count);

    /// <summary>The candidates, closest first, ties by ascending id.</summary>
    public Candidate[] ToSortedArray()
    {
        Candidate[] sorted = _items.AsSpan(0, _count).ToArray();
        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>Forgets all candidates.</summary>
    public void Clear()
    {
        _count = 0;
        Threshold = EmptyThreshold;
    }

    private bool Add(Candidate candidate)
    {
        if (_count < _capacity)
        {
            if (_count == _items.Length)
            {
                Array.Resize(ref _items, (int)Math.Min(_capacity, 2L * _count));
            }

            SiftUp(_count++, candidate);
        }
        else if (candidate.IsBefore(_items[0]))
        {
            SiftDown(candidate);
        }
        else
        {
            return false;
        }

        Threshold = _count == _capacity ? (float)_items[0].Distance : _farthest;
        return true;
    }

    private void SiftUp(int hole, Candidate candidate)
    {
        while (hole > 0)
        {
            int parent = (hole - 1) / 2;
            if (!_items[parent].IsBefore(candidate))
            {
                break;
            }

            _items[hole] = _items[parent];
            hole = parent;
        }

        _items[hole] = candidate;
    }

    private void SiftDown(Candidate candidate)
    {
        int hole = 0;
        int child;
        while ((child = (2 * hole) + 1) < _count)
        {
            if (child + 1 < _count && _items[child].IsBefore(_items[child + 1]))
            {
                child++;
            }

            if (!candidate.IsBefore(_items[child]))
            {
                break;
            }

            _items[hole] = _items[child];
            hole = child;
        }

        _items[hole] = candidate;
    }
}
