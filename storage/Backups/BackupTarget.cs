namespace NeuroDb.Storage;

/// <summary>
/// The directory that a backup writes to, locked as long as it does: new, or with an earlier
/// backup of the same database that nobody has written to since. Anything else is refused before
/// the first change.
/// </summary>
internal sealed class BackupTarget : IDisposable
{
    private readonly SystemSeams _seams;
    private readonly string _path;
    private readonly DatabaseDirectory _directory;
    private readonly SuperBlock _source;
    private readonly KeyRing? _keys;

    private BackupTarget(
        SystemSeams seams, string path, DatabaseDirectory directory, SuperBlock source,
        KeyRing? keys)
    {
        _seams = seams;
        _path = path;
        _directory = directory;
        _source = source;
        _keys = keys;
        MarkPath = Path.Combine(path, DatabaseDirectory.BackupMarkName);
        NewMarkPath = Path.Combine(path, DatabaseDirectory.NewBackupMarkName);
    }

    /// <summary>The names of its files.</summary>
    public DatabaseFiles Files => _directory.Files;

    /// <summary>What the earlier backup wrote; null in a new directory.</summary>
    public SuperBlock? Super { get; private set; }

    /// <summary>The manifest of the earlier backup.</summary>
    public Manifest? Manifest { get; private set; }

    private string MarkPath { get; }

    private string NewMarkPath { get; }

    /// <summary>Locks the directory and looks what is there.</summary>
    /// <param name="seams">The machine.</param>
    /// <param name="path">The directory.</param>
    /// <param name="source">What the database to be copied says about itself.</param>
    /// <param name="keys">Its keys, or null in a plain one.</param>
    public static BackupTarget Open(
        SystemSeams seams, string path, SuperBlock source, KeyRing? keys)
    {
        DatabaseDirectory directory = DatabaseDirectory.Lock(seams, path, isCopy: true);
        var target = new BackupTarget(seams, path, directory, source, keys);
        bool isComplete = false;
        try
        {
            target.Look();
            isComplete = true;
            return target;
        }
        finally
        {
            if (!isComplete)
            {
                target.Dispose();
            }
        }
    }

    /// <summary>Prepares a new directory: until SUPER stands it is an unfinished backup.</summary>
    /// <returns>Where the log of the backup begins.</returns>
    public LogStart Prepare(RecordLogOptions log)
    {
        IFileSystem files = _seams.Files;
        Files.EnsureDirectories();
        if (Super is not null)
        {
            return Super.LogStart;
        }

        new BackupMark(_source.DatabaseId, SuperCrc: 0).Write(files, NewMarkPath);
        files.FlushDirectory(_path);
        files.CreateDirectory(Files.LogDirectory);
        foreach (string path in files.List(Files.LogDirectory))
        {
            files.Delete(path);
        }

        RecordLogOptions options = log with
        {
            PageSizeBytes = _source.LogStart.PageSizeBytes,
            SegmentSizeBytes = _source.LogStart.SegmentSizeBytes,
        };
        LogStart start = LogStart.New(options) with { Epoch = _source.LogStart.Epoch + 1 };
        RecordLog.Create(_seams, Files.LogDirectory, _source.DatabaseId, start, options);
        return start;
    }

    /// <summary>Makes the copy the database that the directory holds, durably.</summary>
    public void Publish(SuperBlock next)
    {
        IFileSystem files = _seams.Files;
        string superPath = Path.Combine(_path, DatabaseDirectory.SuperName);
        SuperBlock super = (next with
        {
            Generation = (Super?.Generation ?? 0) + 1,
        }).Sealed(_keys);
        new BackupMark(super.DatabaseId, BackupMark.CrcOf(super)).Write(files, NewMarkPath);
        files.FlushDirectory(_path);
        if (Super is null)
        {
            string newPath = Path.Combine(_path, DatabaseDirectory.SuperNewName);
            SuperFile.Create(files, newPath, super);
            files.FlushDirectory(_path);
            files.Move(newPath, superPath);
            files.FlushDirectory(_path);
        }
        else
        {
            SuperFile.Write(files, superPath, Super, super);
        }

        files.Move(NewMarkPath, MarkPath);
        files.FlushDirectory(_path);
    }

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();

    private void Look()
    {
        IFileSystem files = _seams.Files;
        BackupMark? mark = BackupMark.Read(files, MarkPath);
        BackupMark? newMark = BackupMark.Read(files, NewMarkPath);
        CheckId((mark ?? newMark)?.DatabaseId);
        string superPath = Path.Combine(_path, DatabaseDirectory.SuperName);
        if (!files.FileExists(superPath))
        {
            bool isOther = files.FileExists(Path.Combine(_path, DatabaseDirectory.SuperNewName))
                && !files.FileExists(NewMarkPath);
            _ = isOther ? throw Refused("holds a database that is not complete") : isOther;
            return;
        }

        SuperBlock super = SuperFile.Read(files, superPath, Check, out bool needsRepair);
        uint crc = BackupMark.CrcOf(super);
        if (mark?.SuperCrc != crc && newMark?.SuperCrc != crc)
        {
            throw Refused("is not a backup, or was written to since it was made");
        }

        CheckLog(super);
        Manifest = Manifest.Read(
            files,
            Files.ManifestPath(super.Manifest.Number),
            super.DatabaseId,
            super.Manifest,
            _keys);
        if (needsRepair)
        {
            SuperFile.Repair(files, superPath, super);
        }

        if (mark?.SuperCrc != crc)
        {
            files.Move(NewMarkPath, MarkPath);
            files.FlushDirectory(_path);
        }

        Super = super;
    }

    private void Check(SuperBlock super)
    {
        CheckId(super.DatabaseId);
        if (!super.IsAuthentic(_keys))
        {
            throw Refused("has another key");
        }

        if (super.Manifest.Number > _source.Manifest.Number || super.Manifest.IsNone)
        {
            throw Refused("holds a later state than the database");
        }
    }

    private void CheckId(Guid? id)
    {
        if (id is not null && id != _source.DatabaseId)
        {
            throw Refused("belongs to another database");
        }
    }

    private void CheckLog(SuperBlock super)
    {
        using FrameCipher? cipher = _keys is null
            ? null
            : new FrameCipher(_keys, LogIdentity.Of(super.DatabaseId, super.LogStart));
        LogScanResult scan = LogScanner.Scan(
            _seams.Files,
            Files.LogDirectory,
            super.DatabaseId,
            super.LogStart,
            new CommitFinder(),
            cipher);
        if (scan.Report.FrameCount > 0)
        {
            throw Refused("was written to since it was made");
        }
    }

    /// <summary>The error for a target that is not to be overwritten.</summary>
    public NeuroStoreException Refused(string reason) => new(
        ErrorCode.BackupRefused,
        $"{_path} {reason}. Nothing was changed there; give a new directory, or an earlier backup "
        + "of this database.");

    private sealed class CommitFinder : IRecordReplay
    {
        public bool Replay(ReadOnlyMemory<byte> record) => false;
    }
}
