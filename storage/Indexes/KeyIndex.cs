namespace NeuroDb.Storage;

/// <summary>
/// A hash index from key to row number: open addressing with linear probing over 64-bit entries of
/// a 16-bit tag and a 48-bit row number. It gives candidates; the caller compares the key of the
/// row version that it sees. Entries are never taken back: an older snapshot may need them.
/// One writer; readers take no lock: an entry is one word, and growth is by copy and swap.
/// </summary>
internal sealed class KeyIndex(IKeyRows rows)
{
    private const int TagShift = 48;
    private const long RowMask = (1L << TagShift) - 1;
    private const int CapacityFirst = 16;
    private const int RunCount = 256;
    private long[] _entries = new long[CapacityFirst];
    private int _count;

    /// <summary>How many entries there are.</summary>
    public int Count => _count;

    /// <summary>The bytes of the entries.</summary>
    public long SizeBytes => _entries.LongLength * sizeof(long);

    /// <summary>The row numbers that may have a key of that hash.</summary>
    public KeyProbe Find(ulong hash) => new(Volatile.Read(ref _entries), hash);

    /// <summary>Adds a row under a hash; a pair that is there already is not added twice.</summary>
    public void Add(ulong hash, long rowId)
    {
        Invariant.Check(rowId >= 0 && rowId < RowMask);
        if (_count >= LoadMax(_entries.Length))
        {
            Grow();
        }

        if (Put(_entries, hash, rowId))
        {
            _count++;
        }
    }

    /// <summary>Puts all rows in at once, with room for all from the start.</summary>
    public void AddAll()
    {
        int capacity = CapacityFirst;
        while (LoadMax(capacity) <= rows.VersionCount)
        {
            capacity = checked(capacity * 2);
        }

        long[]? entries = Build(capacity);
        Invariant.Check(entries is not null);
        Volatile.Write(ref _entries, entries!);
    }

    /// <summary>The entry of a row: never 0, which marks a free place.</summary>
    internal static long EntryOf(ulong hash, long rowId) =>
        (long)(hash >> TagShift << TagShift) | (rowId + 1);

    /// <summary>The row number of an entry.</summary>
    internal static long RowOf(long entry) => (entry & RowMask) - 1;

    // Five eighths: beyond that, linear probing walks too far.
    private static long LoadMax(int capacity) => capacity * 5L / 8;

    private static bool Put(long[] entries, ulong hash, long rowId)
    {
        long entry = EntryOf(hash, rowId);
        int mask = entries.Length - 1;
        int at = (int)hash & mask;
        while (entries[at] != 0)
        {
            if (entries[at] == entry)
            {
                return false;
            }

            at = (at + 1) & mask;
        }

        Volatile.Write(ref entries[at], entry);
        return true;
    }

    // The rows may be ahead of the entries by a whole batch, so doubling once may not be enough.
    private void Grow()
    {
        int capacity = checked(_entries.Length * 2);
        long[]? grown = null;
        while (grown is null)
        {
            grown = Build(capacity);
            capacity = checked(capacity * 2);
        }

        Volatile.Write(ref _entries, grown);
    }

    private long[]? Build(int capacity)
    {
        var entries = new long[capacity];
        long countMax = LoadMax(capacity);
        int count = 0;
        Span<ulong> hashes = stackalloc ulong[RunCount];
        Span<long> rowIds = stackalloc long[RunCount];
        long versionCount = rows.VersionCount;
        for (long version = 0; version < versionCount;)
        {
            version += rows.Hash(version, hashes, rowIds, out int found);
            for (int i = 0; i < found; i++)
            {
                if (Put(entries, hashes[i], rowIds[i]) && ++count >= countMax)
                {
                    return null;
                }
            }
        }

        _count = count;
        return entries;
    }
}
