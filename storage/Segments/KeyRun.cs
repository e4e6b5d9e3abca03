namespace NeuroDb.Storage;

/// <summary>
/// The sorted codes of one key of a segment with the rows that have them; rows with a NULL key
/// column are absent. Pieces of 4096 entries are loaded through the buffer manager.
/// </summary>
internal sealed class KeyRun
{
    private readonly string _state = "a finished build";

    /// <summary>Entries of a piece; only the last one may have fewer.</summary>
    public const int PieceEntryCount = 4096;

    /// <summary>The entries of the run.</summary>
    public long Count => throw Unfinished();

    /// <summary>Whether the codes are in the order of the key's values.</summary>
    public bool IsOrdered => throw Unfinished();

    /// <summary>The lowest code; the run is not empty.</summary>
    public ulong CodeMin => throw Unfinished();

    /// <summary>The highest code; the run is not empty.</summary>
    public ulong CodeMax => throw Unfinished();

    /// <summary>The rows whose key has that code; of a hash they are only candidates.</summary>
    public KeyRunCursor Candidates(ulong code) => Range(code, code);

    /// <summary>The rows whose code lies between two codes, both included.</summary>
    public KeyRunCursor Range(ulong low, ulong high, bool isDescending = false) =>
        throw Unfinished();

    /// <summary>How many entries have a lower code.</summary>
    public long RankOf(ulong code) => throw Unfinished();

    /// <summary>A piece, from memory or from the file.</summary>
    internal KeyPiece Piece(int piece) => throw Unfinished();

    private NeuroStoreException Unfinished() => Invariant.Broken(_state);
}
