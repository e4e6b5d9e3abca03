namespace NeuroDb.Storage;

/// <summary>
/// Row versions of a table with numbers in one range that no other part shares. In memory
/// (<see cref="RowDelta"/>) or in a segment file (<see cref="SealedRows"/>); of a version that is
/// there only the end ever changes, once. One writer at a time, under the commit gate; readers take
/// no lock. Rows are also counted by ordinals, in the order of their numbers and without gaps.
/// </summary>
internal abstract class RowPart(long firstRowId)
{
    private List<RowEnd>? _recorded;

    /// <summary>The number at which the range begins.</summary>
    public long FirstRowId { get; } = firstRowId;

    /// <summary>The number after the last one of the range.</summary>
    public abstract long EndRowId { get; }

    /// <summary>The versions of the part, dead ones included.</summary>
    public abstract long RowCount { get; }

    /// <summary>The bytes of the key indexes in memory.</summary>
    public abstract long IndexSizeBytes { get; }

    /// <summary>
    /// The versions that ended since <see cref="BeginRecording"/>; empty if nobody asked.
    /// </summary>
    public IReadOnlyList<RowEnd> RecordedEnds => _recorded ?? [];

    /// <summary>The chunks that hold that many versions.</summary>
    public static int ChunksOf(long rows) =>
        checked((int)((rows + Limits.ChunkRowCount - 1) / Limits.ChunkRowCount));

    /// <summary>
    /// Whether no version has ended; a snapshot that sees all of them as begun sees all. Never true
    /// again once it was false.
    /// </summary>
    public abstract bool IsWhole { get; }

    /// <summary>How many versions began at a timestamp or before: a prefix of all.</summary>
    public abstract long CountBegun(long timestamp);

    /// <summary>Whether a timestamp sees a version; false if it is not here any more.</summary>
    public abstract bool IsVisible(long rowId, long timestamp);

    /// <summary>Whether a version is here and lives at the newest commit.</summary>
    public abstract bool IsLive(long rowId);

    /// <summary>The version that has a key and that a timestamp sees.</summary>
    public abstract bool TryFind(in SoughtKey sought, long timestamp, out long rowId);

    /// <summary>
    /// Asks for the memory that <see cref="TryFind"/> will look at first; takes no part in what it
    /// finds.
    /// </summary>
    /// <param name="key">The ordinal of the key.</param>
    /// <param name="hash">The hash of its values.</param>
    /// <param name="code">Their <see cref="KeyCode"/>.</param>
    public abstract void PrefetchKey(int key, ulong hash, ulong code);

    /// <summary>The chunk of a version that is here, and the row within it.</summary>
    public abstract void Locate(long rowId, out int chunk, out int row);

    /// <summary>The number of the version at a place of this part.</summary>
    public abstract long RowIdOf(int chunk, int row);

    /// <summary>
    /// How many columns a chunk has: fewer than the table if some were added since.
    /// </summary>
    public abstract int ColumnCountOf(int chunk);

    /// <summary>A column of a chunk.</summary>
    public abstract ColumnStore StoreOf(int chunk, int column);

    /// <summary>A chunk as a transaction sees it.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="begun">What <see cref="CountBegun"/> gave.</param>
    /// <param name="view">Whose view.</param>
    public abstract TableSlice Slice(int chunk, long begun, in SnapshotView view);

    /// <summary>What is known about a column of a chunk without looking into it.</summary>
    public abstract bool TryGetZone(int chunk, int column, out ZoneMap zone);

    /// <summary>
    /// The versions that live at a timestamp, chunk by chunk; chunks without any are left out. Each
    /// is there until the next one is asked for.
    /// </summary>
    public abstract IEnumerable<LiveRows> LiveRowsAt(long timestamp);

    /// <summary>Ends a version that lives; under the commit gate.</summary>
    public void End(long rowId, long timestamp)
    {
        EndRow(rowId, timestamp);
        _recorded?.Add(new RowEnd(rowId, timestamp));
    }

    /// <summary>Records from now on what ends; under the commit gate.</summary>
    public void BeginRecording() => _recorded = [];

    /// <summary>Forgets what was recorded; under the commit gate.</summary>
    public void EndRecording() => _recorded = null;

    /// <summary>Ends a version that lives.</summary>
    protected abstract void EndRow(long rowId, long timestamp);
}
