namespace NeuroDb.Storage;

/// <summary>
/// Walks over entries of a <see cref="KeyRun"/>, upward or downward. Use it in one place only: it
/// is a structure, a copy walks by itself.
/// </summary>
internal struct KeyRunCursor
{
    private readonly KeyRun _run;
    private readonly bool _isDescending;
    private KeyPiece? _piece;
    private long _next;
    private long _end;
    private int _index;

    /// <summary>Stands before the entries from a position to another, in run order.</summary>
    public KeyRunCursor(KeyRun run, long start, long end, bool isDescending)
    {
        Invariant.Check(start <= end);
        _run = run;
        _isDescending = isDescending;
        _next = start;
        _end = end;
    }

    /// <summary>The code of the entry.</summary>
    public readonly ulong Code => _piece!.Codes[_index];

    /// <summary>The row of the entry: its ordinal in the segment.</summary>
    public readonly int Ordinal => _piece!.Ordinals[_index];

    /// <summary>How many entries are left.</summary>
    public readonly long Remaining => _end - _next;

    /// <summary>Goes to the next entry.</summary>
    public bool MoveNext()
    {
        if (_next >= _end)
        {
            return false;
        }

        long position = _isDescending ? --_end : _next++;
        int index = (int)(position % KeyRun.PieceEntryCount);
        bool entersPiece =
            index == (_isDescending ? KeyRun.PieceEntryCount - 1 : 0);
        if (_piece is null || entersPiece)
        {
            _piece = _run.Piece((int)(position / KeyRun.PieceEntryCount));
        }

        _index = index;
        return true;
    }
}
