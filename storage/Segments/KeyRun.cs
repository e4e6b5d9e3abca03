namespace NeuroDb.Storage;

/// <summary>
/// The sorted codes of one key of a segment with the rows that have them; rows with a NULL key
/// column are absent. The first code of each piece of 4096 entries is in memory, the pieces are
/// loaded through the buffer manager. Safe for many threads.
/// </summary>
internal sealed class KeyRun
{
    /// <summary>Entries of a piece; only the last one may have fewer.</summary>
    public const int PieceEntryCount = 4096;

    private readonly KeyRecord _record;
    private readonly ulong[] _fences;

    // As many lookups as make it likely that the run is worth its place in memory.
    private const int LookupCountMin = 256;

    // Larger runs would push out too much; their pieces are read one by one.
    private const int BudgetShareMin = 8;

    // A whole run that found no room is not read again before so many lookups.
    private const int PauseLookupCount = 1 << 16;
    private readonly BufferSlots<KeyPiece> _pieces;
    private readonly BufferSlots<LearnedKeyRun> _learned;
    private readonly int _number;
    private readonly bool _mayLearn;
    private readonly Func<Action, bool> _readSoon;
    private int _lookups;
    private int _isReading;

    /// <summary>Takes a record of a directory that was checked.</summary>
    /// <param name="record">The record.</param>
    /// <param name="fences">The first codes of the pieces of all runs.</param>
    /// <param name="pieces">The pieces of all runs.</param>
    /// <param name="learned">The whole runs.</param>
    /// <param name="number">Which run it is.</param>
    /// <param name="budgetBytes">The memory that there is for everything.</param>
    /// <param name="readSoon">
    /// Has a long read done beside the lookups; false if nobody does it.
    /// </param>
    public KeyRun(
        KeyRecord record, ulong[] fences, BufferSlots<KeyPiece> pieces,
        BufferSlots<LearnedKeyRun> learned, int number, long budgetBytes,
        Func<Action, bool> readSoon)
    {
        Invariant.Check(record.FirstFence + record.PieceCount <= fences.Length);
        _record = record;
        _fences = fences;
        _pieces = pieces;
        _learned = learned;
        _number = number;
        _readSoon = readSoon;
        _mayLearn = record.EntryCount > PieceEntryCount
            && LearnedKeyRun.SizeBytesOf(record.EntryCount) <= budgetBytes / BudgetShareMin;
    }

    /// <summary>The entries of the run.</summary>
    public long Count => _record.EntryCount;

    /// <summary>Whether the codes are in the order of the key's values.</summary>
    public bool IsOrdered => (_record.Flags & SegmentFormat.OrderedFlag) != 0;

    /// <summary>The lowest code; the run is not empty.</summary>
    public ulong CodeMin
    {
        get
        {
            Invariant.Check(Count > 0);
            return _fences[_record.FirstFence];
        }
    }

    /// <summary>The highest code; the run is not empty.</summary>
    public ulong CodeMax
    {
        get
        {
            Invariant.Check(Count > 0);
            return _record.CodeMax;
        }
    }

    private ReadOnlySpan<ulong> Fences =>
        _fences.AsSpan(_record.FirstFence, _record.PieceCount);

    /// <summary>
    /// The whole run with its model, once it is looked into often enough; while it is read beside
    /// the lookups, they go to the pieces.
    /// </summary>
    /// <param name="lookups">How many lookups there are now.</param>
    public LearnedKeyRun? Learned(int lookups)
    {
        if (!_mayLearn)
        {
            return null;
        }

        // A count that two threads add to at once may miss one; it decides nothing but when.
        if (_lookups < LookupCountMin)
        {
            _lookups += lookups;
            return null;
        }

        if (_learned.TryGet(_number, out _))
        {
            return _learned.Get(_number);
        }

        if (Interlocked.Exchange(ref _isReading, 1) != 0 || _readSoon(ReadWhole))
        {
            return null;
        }

        Volatile.Write(ref _isReading, 0);
        return _learned.Get(_number);
    }

    /// <summary>
    /// Asks for the memory that a lookup will look at first, if the whole run is there.
    /// </summary>
    public void Prefetch(ulong code)
    {
        if (_mayLearn && _learned.TryGet(_number, out LearnedKeyRun? run))
        {
            run!.Prefetch(code);
        }
    }

    /// <summary>Reads the whole run before the first lookup, where it is worth its place.</summary>
    public void Prepare()
    {
        if (_mayLearn)
        {
            _lookups = LookupCountMin;
            _ = _learned.Get(_number);
        }
    }

    /// <summary>The rows whose key has that code; of a hash they are only candidates.</summary>
    public KeyRunCursor Candidates(ulong code)
    {
        if (IsOutside(code))
        {
            return new KeyRunCursor(this, 0, 0, isDescending: false);
        }

        long start = RankOf(code);
        long end = start;
        KeyPiece piece = Piece((int)(start / PieceEntryCount));
        int index = (int)(start % PieceEntryCount);
        while (index < piece.Codes.Length && piece.Codes[index] == code)
        {
            index++;
            end++;
        }

        bool mayGoOn = index == piece.Codes.Length && end < Count;
        return new KeyRunCursor(
            this, start, mayGoOn ? RankBehind(code) : end, isDescending: false);
    }

    /// <summary>The rows whose code lies between two codes, both included.</summary>
    public KeyRunCursor Range(ulong low, ulong high, bool isDescending = false)
    {
        bool isEmpty = Count == 0 || low > high || low > CodeMax || high < CodeMin;
        return isEmpty
            ? new KeyRunCursor(this, 0, 0, isDescending)
            : new KeyRunCursor(this, RankOf(low), RankBehind(high), isDescending);
    }

    /// <summary>How many entries have a lower code.</summary>
    public long RankOf(ulong code)
    {
        if (Count == 0 || code <= CodeMin)
        {
            return 0;
        }

        if (code > CodeMax)
        {
            return Count;
        }

        // The last piece that begins below the code; the entries of the next ones are not lower.
        int low = 0;
        int high = Fences.Length;
        while (high - low > 1)
        {
            int middle = (low + high) >>> 1;
            if (Fences[middle] < code)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return ((long)low * PieceEntryCount) + Piece(low).LowerBound(code);
    }

    /// <summary>A piece, from memory or from the file.</summary>
    public KeyPiece Piece(int piece)
    {
        Invariant.Check((uint)piece < (uint)_record.PieceCount);
        return _pieces.Get(_record.FirstFence + piece);
    }

    private void ReadWhole()
    {
        try
        {
            _ = _learned.Get(_number);
            if (!_learned.TryGet(_number, out _))
            {
                _lookups = LookupCountMin - PauseLookupCount;
            }
        }
        finally
        {
            Volatile.Write(ref _isReading, 0);
        }
    }

    private long RankBehind(ulong code) => code == ulong.MaxValue ? Count : RankOf(code + 1);

    private bool IsOutside(ulong code) => Count == 0 || code < CodeMin || code > CodeMax;
}
