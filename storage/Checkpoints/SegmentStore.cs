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
    private readonly Dictionary<long, long> _held = [];
    private readonly HashSet<BulkWriter> _bulkWriters = [];
    private readonly Dictionary<long, HashSet<string>> _indexes = [];
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
        LargeValues = new LargeValueStore(
            files, names, databaseId, keys, () => Interlocked.Increment(ref _lastSegmentId));
    }

    /// <summary>The large values of the database.</summary>
    public LargeValueStore LargeValues { get; }

    /// <summary>Whether there are files of large values.</summary>
    public bool HasLargeFiles => _files.DirectoryExists(Names.BlobDirectory)
        && _files.List(Names.BlobDirectory).Count > 0;

    /// <summary>Whether only the log names a segment.</summary>
    public bool IsInLog(long segmentId)
    {
        lock (_gate)
        {
            return _held.ContainsKey(segmentId);
        }
    }

    /// <summary>The names of the files.</summary>
    public DatabaseFiles Names { get; }

    /// <summary>The keys of the database, or null in a plain one.</summary>
    public KeyRing? Keys => _keys;

    /// <summary>Keeps what is read of all segments.</summary>
    public BufferManager Buffers { get; }

    /// <summary>A segment ends with this many rows.</summary>
    public long SegmentRowCountMax { get; init; } = CompactionPolicy.SegmentRowCountMax;

    /// <summary>The files of the runs of indexes; null where none are used.</summary>
    public IndexRunStore? IndexRuns { get; set; }

    /// <summary>
    /// Has something of a segment read on another thread; false if the database is closing. Null
    /// where nobody does it.
    /// </summary>
    public Func<SegmentFile, Action, bool>? ReadSoon { get; set; }

    /// <summary>Brings files that a restore needs; null in all other cases.</summary>
    public RestoreContext? Restoring { get; init; }

    /// <summary>The greatest number given.</summary>
    public long LastSegmentId => Volatile.Read(ref _lastSegmentId);

    /// <summary>Takes note of a number that was given before this opening.</summary>
    public void Observe(long segmentId) =>
        Volatile.Write(ref _lastSegmentId, Math.Max(LastSegmentId, segmentId));

    /// <summary>Starts a new segment; workers flush it while it grows.</summary>
    public SegmentWriter Create(
        int tableId, TableSchema schema, out SegmentIdentity identity, IWorkers? workers = null)
    {
        identity = new SegmentIdentity(
            _databaseId, tableId, Interlocked.Increment(ref _lastSegmentId));
        return SegmentWriter.Create(
            _files,
            Names.SegmentPath(identity.SegmentId),
            identity,
            schema,
            GuardOf(identity),
            workers);
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
            Buffers,
            this);
        lock (_gate)
        {
            _open.Add(segmentId, file);
        }

        return file;
    }

    /// <summary>
    /// Opens a complete segment of a transaction that is running; it is needed until the
    /// transaction retires it or its commit is in a checkpoint.
    /// </summary>
    public SegmentFile OpenPending(
        int tableId, TableSchema schema, long segmentId, SegmentInfo expected)
    {
        lock (_gate)
        {
            _held.Add(segmentId, long.MaxValue);
        }

        bool isOpen = false;
        try
        {
            SegmentFile file = Open(tableId, schema, segmentId, expected);
            isOpen = true;
            return file;
        }
        finally
        {
            if (!isOpen)
            {
                lock (_gate)
                {
                    _held.Remove(segmentId);
                }
            }
        }
    }

    /// <summary>Opens a segment that a commit in the log names.</summary>
    public SegmentFile OpenInLog(
        int tableId, TableSchema schema, long segmentId, SegmentInfo expected, long timestamp)
    {
        lock (_gate)
        {
            if (_open.ContainsKey(segmentId))
            {
                throw new CorruptionException(
                    Names.SegmentPath(segmentId), 0, "this segment is named twice");
            }
        }

        Restoring?.Fetch(segmentId);
        SegmentFile file = Open(tableId, schema, segmentId, expected);
        Observe(segmentId);
        HoldUntil(segmentId, timestamp);
        return file;
    }

    /// <summary>
    /// Says that the log names a segment at a commit: until a checkpoint holds the commit, an
    /// opening needs the file, whether its table is still there or not.
    /// </summary>
    public void HoldUntil(long segmentId, long timestamp)
    {
        lock (_gate)
        {
            _held[segmentId] = timestamp;
        }
    }

    /// <summary>The files of segments that only the log names.</summary>
    public IReadOnlyList<string> PathsInLog()
    {
        lock (_gate)
        {
            return [.. _held.Where(static pair => pair.Value != long.MaxValue)
                .Select(pair => Names.SegmentPath(pair.Key))];
        }
    }

    /// <summary>The segments that only the log names.</summary>
    public IReadOnlyList<SegmentFile> FilesInLog()
    {
        lock (_gate)
        {
            return [.. _held.Where(static pair => pair.Value != long.MaxValue)
                .Select(pair => _open[pair.Key])
                .OrderBy(static file => file.Identity.SegmentId)];
        }
    }

    /// <summary>The segments up to a commit that only the log names.</summary>
    public IReadOnlyList<long> InLogUpTo(long timestamp)
    {
        lock (_gate)
        {
            return [.. _held.Where(pair => pair.Value <= timestamp)
                .Select(static pair => pair.Key)
                .Order()];
        }
    }

    /// <summary>The files of the segments that are open.</summary>
    public IReadOnlySet<string> OpenPaths()
    {
        lock (_gate)
        {
            return _open.Keys.Select(Names.SegmentPath).ToHashSet();
        }
    }

    /// <summary>The open segments that nothing needs any more.</summary>
    /// <param name="needed">Those that the tables need.</param>
    /// <param name="timestamp">The last commit that the checkpoint holds.</param>
    public IReadOnlyList<long> OpenBut(IReadOnlySet<long> needed, long timestamp)
    {
        lock (_gate)
        {
            foreach (long id in _held.Keys.Where(id => _held[id] <= timestamp).ToArray())
            {
                _held.Remove(id);
            }

            return [.. _open.Keys
                .Where(id => !needed.Contains(id) && !_held.ContainsKey(id))
                .Order()];
        }
    }

    /// <summary>Takes note of a transaction that writes segments.</summary>
    public void Register(BulkWriter writer)
    {
        lock (_gate)
        {
            _bulkWriters.Add(writer);
        }
    }

    /// <summary>Forgets a transaction that wrote segments.</summary>
    public void Unregister(BulkWriter writer)
    {
        lock (_gate)
        {
            _bulkWriters.Remove(writer);
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
                _held.Remove(id);
            }

            if (file is not null)
            {
                file.Dispose();
                paths.Add(Names.SegmentPath(id));
                paths.AddRange(TakeIndexes(id));
            }
        }

        return paths;
    }

    /// <summary>
    /// Closes all segments, and removes those of transactions that are still running.
    /// </summary>
    public void Dispose()
    {
        BulkWriter[] writers;
        lock (_gate)
        {
            writers = [.. _bulkWriters];
        }

        foreach (BulkWriter writer in writers)
        {
            writer.Dispose();
        }

        LargeValues.RemoveUncommitted();

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

    /// <summary>Takes note of the file of an index, which goes when its segment does.</summary>
    public void NoteIndex(long segmentId, string path)
    {
        lock (_gate)
        {
            if (!_indexes.TryGetValue(segmentId, out HashSet<string>? paths))
            {
                paths = [];
                _indexes.Add(segmentId, paths);
            }

            paths.Add(path);
        }
    }

    /// <summary>Forgets the files of all indexes but some, and gives them.</summary>
    public IReadOnlyList<string> TakeIndexesBut(IReadOnlySet<int> indexIds)
    {
        lock (_gate)
        {
            var others = new List<string>();
            foreach (HashSet<string> paths in _indexes.Values)
            {
                others.AddRange(paths.Where(path =>
                    !DatabaseFiles.IsIndex(path, out _, out int id) || !indexIds.Contains(id)));
                paths.ExceptWith(others);
            }

            return [.. others.Order(StringComparer.Ordinal)];
        }
    }

    private HashSet<string> TakeIndexes(long segmentId)
    {
        lock (_gate)
        {
            return _indexes.Remove(segmentId, out HashSet<string>? paths) ? paths : [];
        }
    }

    private PageGuard GuardOf(SegmentIdentity identity) => PageGuard.Of(_keys, identity);
}
