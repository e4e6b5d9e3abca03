using System.Buffers;
using System.Numerics;

namespace NeuroDb.Storage;

/// <summary>
/// The keys of rows that are written together, as codes, and where they were found: in memory that
/// the next statement of the thread uses again, as it brings collections about otherwise.
/// </summary>
internal sealed class UniqueKeys
{
    // What is found lies in parts of the table, which are not to be kept, and neither is much room.
    private const int KeptHitCountMax = 4096;

    [ThreadStatic]
    private static UniqueKeys? _spare;
    private readonly int _capacity;
    private PendingRows? _pending;
    private int[] _ordinals = [];

    private UniqueKeys(int columnCount, int capacity)
    {
        _capacity = capacity;
        Values = ValueOf;
        Row = new ulong[columnCount];
        Positions = new long[capacity];
        Codes = new ulong[columnCount][];
        for (int i = 0; i < columnCount; i++)
        {
            Codes[i] = new ulong[capacity];
        }
    }

    /// <summary>The codes of the key that is added next.</summary>
    public ulong[] Row { get; }

    /// <summary>For each column the codes of the keys, and room behind them.</summary>
    public ulong[][] Codes { get; }

    /// <summary>The positions of the rows of the keys.</summary>
    public long[] Positions { get; }

    /// <summary>Gives the values of the keys.</summary>
    public IndexKeyValues Values { get; }

    /// <summary>Takes where the keys are found.</summary>
    public List<IndexHit> Hits { get; } = [];

    /// <summary>How many keys there are.</summary>
    public int Count { get; private set; }

    /// <summary>Room for keys of rows that are written; none are there yet.</summary>
    /// <param name="pending">The rows.</param>
    /// <param name="ordinals">The columns of the key.</param>
    /// <param name="capacity">How many keys at once.</param>
    public static UniqueKeys Take(PendingRows pending, int[] ordinals, int capacity)
    {
        UniqueKeys? spare = _spare;
        _spare = null;
        UniqueKeys keys = spare?.Row.Length == ordinals.Length && spare._capacity >= capacity
            ? spare
            : new UniqueKeys(
                ordinals.Length, (int)BitOperations.RoundUpToPowerOf2((uint)capacity));
        keys._pending = pending;
        keys._ordinals = ordinals;
        return keys;
    }

    /// <summary>Leaves the room to the next statement of the thread.</summary>
    public void Return()
    {
        Clear();
        _pending = null;
        if (Hits.Capacity <= KeptHitCountMax)
        {
            _spare = this;
        }
    }

    /// <summary>Forgets all keys.</summary>
    public void Clear()
    {
        Count = 0;
        Hits.Clear();
    }

    /// <summary>Adds the key whose codes are in <see cref="Row"/>.</summary>
    public void Add(long position)
    {
        for (int i = 0; i < Row.Length; i++)
        {
            Codes[i][Count] = Row[i];
        }

        Positions[Count++] = position;
    }

    /// <summary>Whether no two keys have the same codes.</summary>
    public bool AreDistinct()
    {
        int mask = (int)BitOperations.RoundUpToPowerOf2((uint)Count * 2) - 1;
        int[] slots = ArrayPool<int>.Shared.Rent(mask + 1);
        slots.AsSpan(0, mask + 1).Clear();
        bool areDistinct = true;
        for (int key = 0; areDistinct && key < Count; key++)
        {
            ulong hash = 0;
            foreach (ulong[] codes in Codes)
            {
                hash = Hash64.Combine(hash, codes[key]);
            }

            int slot = (int)hash & mask;
            while (slots[slot] > 0 && !Same(slots[slot] - 1, key))
            {
                slot = (slot + 1) & mask;
            }

            areDistinct = slots[slot] == 0;
            slots[slot] = key + 1;
        }

        ArrayPool<int>.Shared.Return(slots);
        return areDistinct;
    }

    private Value ValueOf(int key, int column)
    {
        long position = Positions[key];
        return _pending!.ChunkOf(position).ColumnsOf(_ordinals)[_ordinals[column]]
            .ValueAt(PendingRows.RowOf(position));
    }

    private bool Same(int left, int right)
    {
        foreach (ulong[] codes in Codes)
        {
            if (codes[left] != codes[right])
            {
                return false;
            }
        }

        return true;
    }
}
