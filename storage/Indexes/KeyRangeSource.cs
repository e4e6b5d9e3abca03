namespace NeuroDb.Storage;

/// <summary>
/// Entries of one sorted run between two codes, walked in one direction: of a run in memory, or of
/// one in a segment, piece after piece. Belongs to one <see cref="KeyRangeReader"/>.
/// </summary>
internal sealed class KeyRangeSource
{
    private readonly KeyRun? _run;
    private readonly int _step;
    private readonly ulong _flip;
    private long _start;
    private long _end;

    private KeyRangeSource(RowPart? part, KeyRun? run, long start, long end, bool isDescending)
    {
        Invariant.Check(start <= end);
        Part = part;
        _run = run;
        _start = start;
        _end = end;
        _step = isDescending ? -1 : 1;
        _flip = isDescending ? ulong.MaxValue : 0;
    }

    /// <summary>The part whose rows these are; null for the transaction's own rows.</summary>
    public RowPart? Part { get; }

    /// <summary>The codes of the piece that is walked over.</summary>
    public ulong[] Codes { get; private set; } = [];

    /// <summary>The rows of the codes.</summary>
    public int[] Ordinals { get; private set; } = [];

    /// <summary>The next entry of the piece.</summary>
    public int Index { get; private set; }

    /// <summary>How many entries of the piece are left.</summary>
    public int Left { get; private set; }

    /// <summary>How many entries are left in all.</summary>
    public long Remaining => Left + (_end - _start);

    /// <summary>
    /// The code of the next entry, in descending order its complement: the lowest comes first.
    /// </summary>
    public ulong Head { get; private set; }

    /// <summary>The entries of a run in memory.</summary>
    public static KeyRangeSource Of(
        RowPart? part, KeyPiece run, ulong low, ulong high, bool isDescending)
    {
        bool isNone = run.Codes.Length == 0;
        int start = isNone ? 0 : run.LowerBound(low);
        int end = isNone ? 0
            : high == ulong.MaxValue ? run.Codes.Length : run.LowerBound(high + 1);
        var source = new KeyRangeSource(part, null, 0, 0, isDescending);
        source.Enter(run, start, end);
        return source;
    }

    /// <summary>The entries of a run in a segment.</summary>
    public static KeyRangeSource Of(
        SealedRows part, KeyRun run, ulong low, ulong high, bool isDescending)
    {
        long start = run.RankOf(low);
        long end = high == ulong.MaxValue ? run.Count : run.RankOf(high + 1);
        var source = new KeyRangeSource(part, run, start, end, isDescending);
        source.Refill();
        return source;
    }

    /// <summary>Goes behind the next entry, which there is.</summary>
    public void Advance()
    {
        Index += _step;
        Left--;
        if (Left > 0)
        {
            Head = Codes[Index] ^ _flip;
        }
        else
        {
            Refill();
        }
    }

    private void Refill()
    {
        if (_start == _end)
        {
            return;
        }

        const int Size = KeyRun.PieceEntryCount;
        int number = (int)((_step > 0 ? _start : _end - 1) / Size);
        long first = (long)number * Size;
        int from = (int)Math.Max(_start - first, 0);
        int to = (int)Math.Min(_end - first, Size);
        if (_step > 0)
        {
            _start = first + to;
        }
        else
        {
            _end = first + from;
        }

        Enter(_run!.Piece(number), from, to);
    }

    private void Enter(KeyPiece piece, int start, int end)
    {
        Codes = piece.Codes;
        Ordinals = piece.Ordinals;
        Left = end - start;
        Index = _step > 0 ? start : end - 1;
        Head = Left > 0 ? Codes[Index] ^ _flip : 0;
    }
}
