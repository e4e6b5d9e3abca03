namespace NeuroDb.Query;

/// <summary>
/// Rows on disk that are found by number: blocks of <see cref="Limits.BatchRowCount"/> rows, the
/// last one perhaps short. Owns the file; one thread.
/// </summary>
internal sealed class StoredRows(SpillFile file) : IDisposable
{
    private readonly List<SpillBlock> _blocks = [];
    private readonly RecentBlocks<RowBatch> _recent = new();

    /// <summary>How many rows.</summary>
    public long Count { get; private set; }

    /// <summary>How many blocks.</summary>
    public int BlockCount => _blocks.Count;

    /// <summary>The bytes on disk.</summary>
    public long LengthBytes => file.LengthBytes;

    /// <summary>Appends a block; all but the last one are full.</summary>
    public void Add(RowBatch rows)
    {
        Invariant.Check(Count % Limits.BatchRowCount == 0);
        Invariant.Check(rows.Count <= Limits.BatchRowCount);
        _blocks.Add(file.Write(rows));
        Count += rows.Count;
    }

    /// <summary>The rows of a block.</summary>
    public RowBatch Block(int block) =>
        _recent.Get(block, number => file.Read(_blocks[number]));

    /// <summary>The block of a row.</summary>
    public static int BlockOf(long row) => (int)(row / Limits.BatchRowCount);

    /// <summary>The place of a row in its block.</summary>
    public static int PlaceOf(long row) => (int)(row % Limits.BatchRowCount);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
