namespace NeuroDb.Storage;

/// <summary>
/// A directory that a restore reads: a backup, or a database with its log, open elsewhere or not.
/// If nobody has it open it is locked meanwhile; else its writer goes on, and only what the writer
/// has acknowledged is read.
/// </summary>
internal sealed class RestoreSource : IDisposable
{
    private readonly SystemSeams _seams;
    private readonly DatabaseDirectory? _held;

    private RestoreSource(
        SystemSeams seams, DatabaseDirectory? held, DatabaseDirectory directory)
    {
        _seams = seams;
        _held = held;
        Directory = directory;
    }

    /// <summary>The directory.</summary>
    public DatabaseDirectory Directory { get; }

    /// <summary>What SUPER says.</summary>
    public SuperBlock Super => Directory.Super;

    /// <summary>The checkpoints that a restore can begin with, the oldest first.</summary>
    public IReadOnlyList<RetainedCheckpoint> Checkpoints { get; private set; } = [];

    /// <summary>Opens a directory.</summary>
    public static RestoreSource Open(SystemSeams seams, string path, EncryptionKey? key)
    {
        DatabaseDirectory? held = null;
        RestoreSource? source = null;
        try
        {
            held = TryLock(seams, path);
            DatabaseDirectory directory = DatabaseDirectory.OpenUnlocked(seams, path, key);
            source = new RestoreSource(seams, held, directory);
            source.Checkpoints = source.FindCheckpoints();
            return source;
        }
        finally
        {
            if (source is null)
            {
                held?.Dispose();
            }
        }
    }

    /// <summary>
    /// Where the log begins that can be replayed on top of a commit; null if it begins later.
    /// </summary>
    public LogStart? StartAfter(long commit)
    {
        RetainedCheckpoint? entry = Checkpoints.LastOrDefault(
            known => known.Timestamp <= commit);
        if (entry is null)
        {
            bool isWhole = Super.Manifest.IsNone;
            return isWhole ? Super.LogStart : null;
        }

        return Super.LogStart with
        {
            Address = entry.Log.Address,
            Lsn = entry.Log.Lsn,
            Chain = entry.Log.Chain,
        };
    }

    /// <summary>Reads the records from a start on to the end.</summary>
    public void Read(LogStart start, IRecordReplay replay, CancellationToken cancellation)
    {
        using FrameCipher? cipher = Directory.Keys is null
            ? null
            : new FrameCipher(Directory.Keys, LogIdentity.Of(Super.DatabaseId, start));
        if (_held is not null)
        {
            _ = LogScanner.Scan(
                _seams.Files, Directory.LogPath, Super.DatabaseId, start, replay, cipher);
            return;
        }

        LogIdentity identity = LogIdentity.Of(Super.DatabaseId, start);
        WatermarkSlot end = LogWatermark
            .Read(
                _seams.Files,
                Path.Combine(Directory.LogPath, LogFormat.WatermarkName),
                identity.DatabaseTag,
                identity.Epoch)
            .MaxBy(static slot => slot.Position.Lsn);
        if (end.Position.Lsn > start.Lsn)
        {
            LogScanner.ReplayTo(
                _seams.Files,
                Directory.LogPath,
                Super.DatabaseId,
                start,
                end.Position,
                replay,
                cipher,
                cancellation);
        }
    }

    /// <summary>The greatest number of a segment that is there or was.</summary>
    public long LastSegmentId(Manifest manifest)
    {
        long last = manifest.LastSegmentId;
        string directory = Directory.Files.SegmentDirectory;
        IEnumerable<string> blobs = _seams.Files.DirectoryExists(Directory.Files.BlobDirectory)
            ? _seams.Files.List(Directory.Files.BlobDirectory)
            : [];
        foreach (string path in _seams.Files.List(directory)
            .Where(DatabaseFiles.IsSegment)
            .Concat(blobs))
        {
            last = long.TryParse(Path.GetFileNameWithoutExtension(path), out long id)
                ? Math.Max(last, id)
                : last;
        }

        return last;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Directory.Dispose();
        _held?.Dispose();
    }

    private List<RetainedCheckpoint> FindCheckpoints()
    {
        HistoryContent history = HistoryFile.Read(
            _seams.Files, Directory.Files.Root, Super, Directory.Keys);
        List<RetainedCheckpoint> found = [.. history.Checkpoints.Where(
            entry => entry.Manifest.Number < Super.Manifest.Number
                && _seams.Files.FileExists(Directory.Files.ManifestPath(entry.Manifest.Number)))];
        Manifest? manifest = null;
        try
        {
            manifest = Directory.ReadManifest();
        }
        catch (CorruptionException) when (found.Count > 0)
        {
            // An earlier checkpoint and the log from there on lead to the same rows.
            Invariant.Check(!Super.Manifest.IsNone);
        }

        if (manifest is not null)
        {
            found.Add(new RetainedCheckpoint(
                Super.Manifest,
                manifest.Timestamp,
                manifest.Moment,
                Super.LogStart.Position,
                []));
        }

        return found;
    }

    private static DatabaseDirectory? TryLock(SystemSeams seams, string path)
    {
        try
        {
            return DatabaseDirectory.LockDamaged(seams, path);
        }
        catch (NeuroStoreException failure) when (failure.Code == ErrorCode.DatabaseLocked)
        {
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A copy that nobody may write to: then nobody writes to it.
            return null;
        }
    }
}
