namespace NeuroDb.Storage;

/// <summary>
/// Writes the records of a restore into the log of the new directory, as they are. When many have
/// gathered, the directory is opened and makes a checkpoint, so that memory and log stay small
/// however long the history is.
/// </summary>
internal sealed class RestoreLogWriter : IRecordReplay, IDisposable
{
    private const int GroupSizeBytes = 4 << 20;
    private readonly SystemSeams _seams;
    private readonly string _path;
    private readonly StorageOptions _options;
    private readonly RestoreScan _scan;
    private readonly long _start;
    private readonly string _source;
    private readonly CancellationToken _cancellation;
    private readonly LogGroup _group = new();
    private readonly HashSet<long> _open = [];
    private DatabaseDirectory? _directory;
    private RecordLog? _log;
    private long _sizeBytes;

    /// <summary>Starts behind the files of the new directory.</summary>
    /// <param name="seams">The machine.</param>
    /// <param name="path">The new directory.</param>
    /// <param name="options">How to open it.</param>
    /// <param name="scan">What was found in the log.</param>
    /// <param name="start">The last commit of the files.</param>
    /// <param name="source">The log that is read, for errors.</param>
    /// <param name="cancellation">Looked at between records.</param>
    public RestoreLogWriter(
        SystemSeams seams,
        string path,
        StorageOptions options,
        RestoreScan scan,
        long start,
        string source,
        CancellationToken cancellation)
    {
        _seams = seams;
        _path = path;
        _options = options;
        _scan = scan;
        _start = start;
        _source = source;
        _cancellation = cancellation;
    }

    /// <inheritdoc/>
    public bool Replay(ReadOnlyMemory<byte> record)
    {
        _cancellation.ThrowIfCancellationRequested();
        RestoreRecord head = RestoreRecord.Read(record, _source);
        bool isPart = head.Kind == RecordKind.Part;
        bool isWanted = isPart
            ? _scan.Transactions.Contains(head.Transaction)
            : head.Commit > _start && head.Commit <= _scan.LastCommit;
        if (!isWanted)
        {
            return false;
        }

        _group.BeginRecord();
        record.Span.CopyTo(_group.GetSpan(record.Length));
        _group.Advance(record.Length);
        _group.EndRecord();
        _sizeBytes += record.Length;
        _ = isPart ? _open.Add(head.Transaction) : _open.Remove(head.Transaction);
        if (_group.SizeBytes >= GroupSizeBytes)
        {
            Write();
        }

        if (_sizeBytes >= _options.CheckpointLogSizeBytes && _open.Count == 0)
        {
            Checkpoint();
        }

        return false;
    }

    /// <summary>Writes what is left and makes the last checkpoint.</summary>
    public void Complete()
    {
        Invariant.Check(_open.Count == 0, "all parts are followed by their commits");
        Checkpoint();
    }

    /// <inheritdoc/>
    public void Dispose() => CloseLog();

    private void Write()
    {
        if (_group.RecordCount == 0)
        {
            return;
        }

        if (_log is null)
        {
            _directory = DatabaseDirectory.Lock(_seams, _path, isCopy: true);
            _directory.OpenSuper(_options.Log, _options.Key);
            _log = _directory.OpenLog(_options.Log, new IgnoredRecords(), replayed: null);
        }

        _log.Write(_group);
        _group.Clear();
    }

    private void Checkpoint()
    {
        Write();
        CloseLog();
        using StorageEngine engine = StorageEngine.Open(_seams, _path, _options);
        engine.Checkpoint(isFull: false, _cancellation);
        _sizeBytes = 0;
    }

    private void CloseLog()
    {
        _log?.Dispose();
        _log = null;
        _directory?.Dispose();
        _directory = null;
    }
}
