namespace NeuroDb.Storage;

/// <summary>
/// An open segment file: immutable, read by many threads. Every byte is verified before it is
/// used; damage is a <see cref="CorruptionException"/>. Rows of a chunk are 4096, except in the
/// last; the ordinal of a row in the segment is chunk * 4096 + row.
/// </summary>
internal sealed class SegmentFile : IDisposable
{
    private readonly string _state = "a finished build";

    /// <summary>Where the file is.</summary>
    public string Path => throw Unfinished();

    /// <summary>Which segment this is.</summary>
    public SegmentIdentity Identity => throw Unfinished();

    /// <summary>The chunks.</summary>
    public int ChunkCount => throw Unfinished();

    /// <summary>The rows.</summary>
    public long RowCount => throw Unfinished();

    /// <summary>The bytes of the file.</summary>
    public long LengthBytes => throw Unfinished();

    /// <summary>
    /// Opens a file: reads and verifies its header, footer and directory, and that it is the one
    /// that is expected.
    /// </summary>
    public static SegmentFile Open(
        IFileSystem files,
        string path,
        SegmentIdentity identity,
        TableSchema schema,
        PageGuard guard,
        SegmentInfo expected,
        BufferManager buffers) => throw Invariant.Broken("a finished build");

    /// <summary>The rows of a chunk.</summary>
    public int RowCountOf(int chunk) => throw Unfinished();

    /// <summary>The number of the first row of a chunk, relative to the segment's base.</summary>
    public long FirstRowNumber(int chunk) => throw Unfinished();

    /// <summary>The number of the last row of a chunk.</summary>
    public long LastRowNumber(int chunk) => throw Unfinished();

    /// <summary>Whether the row numbers of a chunk have no gaps.</summary>
    public bool IsConsecutive(int chunk) => throw Unfinished();

    /// <summary>The numbers of the rows of a chunk.</summary>
    public long[] ReadRowNumbers(int chunk) => throw Unfinished();

    /// <summary>
    /// A column of a chunk through the buffer manager; a hit is one volatile read. Do not change
    /// it.
    /// </summary>
    public ColumnStore Column(int chunk, int column) =>
        throw Unfinished();

    /// <summary>A column of a chunk read from the file, verified and decoded, not cached.</summary>
    public ColumnStore Read(int chunk, int column) => throw Unfinished();

    /// <summary>
    /// A VECTOR(n) column of a chunk read from the file into a store that is used again and again;
    /// what it held before is gone.
    /// </summary>
    public void Read(int chunk, int column, VectorColumnStore target) =>
        throw Unfinished();

    /// <summary>What is known about a column of a chunk without reading it.</summary>
    public ZoneMap Zone(int chunk, int column) => throw Unfinished();

    /// <summary>The bytes of a column of a chunk in the file.</summary>
    public long StoredSizeBytes(int chunk, int column) =>
        throw Unfinished();

    /// <summary>The sorted run of a key of the schema, by its place there.</summary>
    public KeyRun Key(int key) => throw Unfinished();

    /// <summary>Reads and decodes every byte of the file.</summary>
    public void Verify(CancellationToken cancellation) =>
        throw Unfinished();

    /// <summary>Closes the file and gives its place in the buffer manager back.</summary>
    public void Dispose()
    {
    }

    private NeuroStoreException Unfinished() => Invariant.Broken(_state);
}
