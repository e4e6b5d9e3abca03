namespace NeuroDb.Storage;

/// <summary>
/// The segments of a database: gives them their numbers, makes and opens their files, and knows how
/// they are sealed. Safe for many threads; a segment under construction belongs to one.
/// </summary>
internal sealed class SegmentStore : IDisposable
{
    private readonly IFileSystem _files;
    private readonly Guid _databaseId;
    private readonly KeyRing? _keys;
    private readonly object _gate = new();
    private readonly Dictionary<long, SegmentFile> _open = [];
    private long _lastSegmentId;

    /// <summary>Makes the store of a database.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="names">The names of the files.</param>
    /// <param name="databaseId">The database.</param>
    /// <param name="keys">The keys of the database, or null in a plain one.</param>
    /// <param name="buffers">Keeps what is read.</param>
    public SegmentStore(
        IFileSystem files,
        DatabaseFiles names,
        Guid databaseId,
        KeyRing? keys,
        BufferManager buffers)
    {
        _files = files;
        Names = names;
        _databaseId = databaseId;
        _keys = keys;
        Buffers = buffers;
    }

    /// <summary>The names of the files.</summary>
    public DatabaseFiles Names { get; }

    /// <summary>Keeps what is read of all segments.</summary>
    public BufferManager Buffers { get; }

    /// <summary>The greatest number given.</summary>
    public long LastSegmentId => Volatile.Read(ref _lastSegmentId);

    /// <summary>Takes note of a number that was given before this opening.</summary>
    public void Observe(long segmentId) =>
        Volatile.Write(ref _lastSegmentId, Math.Max(LastSegmentId, segmentId));

    /// <summary>Starts a new segment.</summary>
    public SegmentWriter Create(int tableId, TableSchema schema, out SegmentIdentity identity)
    {
        identity = new SegmentIdentity(
            _databaseId, tableId, Interlocked.Increment(ref _lastSegmentId));
        return SegmentWriter.Create(
            _files,
            Names.SegmentPath(identity.SegmentId),
            identity,
            schema,
            GuardOf(identity));
    }

    /// <summary>Opens a complete segment; it stays open until it is retired.</summary>
    public SegmentFile Open(int tableId, TableSchema schema, long segmentId, SegmentInfo expected)
    {
        var identity = new SegmentIdentity(_databaseId, tableId, segmentId);
        SegmentFile file = SegmentFile.Open(
            _files,
            Names.SegmentPath(segmentId),
            identity,
            schema,
            GuardOf(identity),
            expected,
            Buffers);
        lock (_gate)
        {
            _open.Add(segmentId, file);
        }

        return file;
    }

    /// <summary>The open segments that are not in a set of those still needed.</summary>
    public IReadOnlyList<long> OpenBut(IReadOnlySet<long> needed)
    {
        lock (_gate)
        {
            return [.. _open.Keys.Where(id => !needed.Contains(id)).Order()];
        }
    }

    /// <summary>Closes segments that nobody reads any more and gives their files.</summary>
    public IReadOnlyList<string> Retire(IReadOnlyList<long> segmentIds)
    {
        var paths = new List<string>(segmentIds.Count);
        foreach (long id in segmentIds)
        {
            SegmentFile? file;
            lock (_gate)
            {
                _open.Remove(id, out file);
            }

            if (file is not null)
            {
                file.Dispose();
                paths.Add(Names.SegmentPath(id));
            }
        }

        return paths;
    }

    /// <summary>Closes all segments.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (SegmentFile file in _open.Values)
            {
                file.Dispose();
            }

            _open.Clear();
        }
    }

    /// <summary>Writes which rows of a segment are dead; its name is not durable yet.</summary>
    public DeleteFileInfo WriteDeletes(
        long segmentId, long number, long rowCount, IReadOnlyList<ulong[]?> dead) =>
        DeleteFile.Write(
            _files,
            Names.DeletePath(segmentId, number),
            new DeleteFileIdentity(_databaseId, segmentId, number, rowCount),
            dead,
            _keys);

    /// <summary>Reads which rows of a part are dead; null if none is.</summary>
    public ulong[]?[]? ReadDeletes(ManifestPart part) => part.DeleteNumber == 0
        ? null
        : DeleteFile.Read(
            _files,
            Names.DeletePath(part.SegmentId, part.DeleteNumber),
            new DeleteFileIdentity(
                _databaseId, part.SegmentId, part.DeleteNumber, part.RowCount),
            part.Deletes,
            _keys);

    /// <summary>
    /// Removes a file that nobody was promised. If that fails it stays until the next opening,
    /// which removes what no manifest names.
    /// </summary>
    public void TryDelete(string path)
    {
        try
        {
            _files.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Invariant.Check(path.Length > 0);
        }
    }

    /// <summary>Makes the names of new files durable.</summary>
    public void FlushNames() => _files.FlushDirectory(Names.SegmentDirectory);

    private PageGuard GuardOf(SegmentIdentity identity) => PageGuard.Of(_keys, identity);
}
