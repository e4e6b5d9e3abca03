namespace NeuroDb.Storage;

/// <summary>
/// Writes one new segment file from its start to its end, a chunk at a time; memory stays bounded
/// by one chunk, the write buffer and the key codes. One thread. A file that is not completed is
/// removed on disposal.
/// </summary>
internal sealed class SegmentWriter : IDisposable
{
    private readonly string _state = "a finished build";

    /// <summary>The rows appended so far.</summary>
    public long RowCount => throw Unfinished();

    /// <summary>The bytes of the file so far, and of what waits to be written, roughly.</summary>
    public long SizeBytes => throw Unfinished();

    /// <summary>Makes a file, which must not exist.</summary>
    public static SegmentWriter Create(
        IFileSystem files,
        string path,
        SegmentIdentity identity,
        TableSchema schema,
        PageGuard guard) => throw Invariant.Broken("a finished build");

    /// <summary>Appends rows.</summary>
    /// <param name="columns">The columns that hold them, by ordinal.</param>
    /// <param name="rows">The rows of the columns, in the order to be written.</param>
    /// <param name="rowNumbers">
    /// The number of each row relative to the base of the segment, ascending over all calls.
    /// </param>
    public void Append(
        ColumnStore[] columns, ReadOnlySpan<int> rows, ReadOnlySpan<long> rowNumbers) =>
        throw Unfinished();

    /// <summary>
    /// Writes the rest and flushes the file; the caller flushes its directory. Nothing can be
    /// appended afterwards.
    /// </summary>
    public SegmentInfo Complete() => throw Unfinished();

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private NeuroStoreException Unfinished() => Invariant.Broken(_state);
}
