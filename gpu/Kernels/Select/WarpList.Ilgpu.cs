using ILGPU;

namespace NeuroDb.Gpu;

/// <summary>
/// A sorted list of the k best candidates that one warp has seen, kept in global memory so that k
/// has no bound. All lanes call the methods together, with the same arguments.
/// </summary>
internal readonly struct WarpList
{
    private readonly ArrayView<float> _ranks;
    private readonly ArrayView<int> _indexes;
    private readonly long _start;
    private readonly int _k;

    /// <summary>Takes [start, start + k) of both views.</summary>
    public WarpList(ArrayView<float> ranks, ArrayView<int> indexes, long start, int k)
    {
        _ranks = ranks;
        _indexes = indexes;
        _start = start;
        _k = k;
    }

    /// <summary>The worst rank kept.</summary>
    public float LastRank => _ranks[_start + _k - 1];

    /// <summary>The row of the worst rank kept.</summary>
    public int LastIndex => _indexes[_start + _k - 1];

    /// <summary>Empties the list.</summary>
    public void Clear()
    {
        for (int i = Warp.LaneIdx; i < _k; i += Warp.WarpSize)
        {
            _ranks[_start + i] = float.PositiveInfinity;
            _indexes[_start + i] = DeviceOrder.NoIndex;
        }

        Warp.Barrier();
    }

    /// <summary>
    /// Puts a candidate in its place; the last one falls out. Lanes shift one window of the list
    /// at a time, from its end, each taking its own entry, its neighbour's or the new one.
    /// </summary>
    public void Insert(float rank, int index)
    {
        int lanes = Warp.WarpSize;
        for (int window = (_k - 1) / lanes * lanes; window >= 0; window -= lanes)
        {
            int position = window + Warp.LaneIdx;
            bool moves = false;
            float newRank = rank;
            int newIndex = index;
            if (position < _k)
            {
                long place = _start + position;
                moves = DeviceOrder.IsBefore(rank, index, _ranks[place], _indexes[place]);
                if (moves && position > 0)
                {
                    float leftRank = _ranks[place - 1];
                    int leftIndex = _indexes[place - 1];
                    if (DeviceOrder.IsBefore(rank, index, leftRank, leftIndex))
                    {
                        newRank = leftRank;
                        newIndex = leftIndex;
                    }
                }
            }

            Warp.Barrier();
            if (moves)
            {
                _ranks[_start + position] = newRank;
                _indexes[_start + position] = newIndex;
            }
        }

        Warp.Barrier();
    }

    /// <summary>How many entries come before a candidate, by binary search.</summary>
    public int CountBefore(float rank, int index)
    {
        int low = 0;
        int high = _k;
        while (low < high)
        {
            int middle = (low + high) / 2;
            long place = _start + middle;
            if (DeviceOrder.IsBefore(_ranks[place], _indexes[place], rank, index))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
