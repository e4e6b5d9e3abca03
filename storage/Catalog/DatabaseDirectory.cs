using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace NeuroDb.Storage;

/// <summary>
/// The directory of a database: LOCK (held as long as it is open), SUPER (what it is and which of
/// its files count), and the files that SUPER names. A new database exists from the moment SUPER
/// gets its name; until then the same content stands in SUPER.new, and a directory with SUPER.new
/// and without SUPER holds nothing that anybody was promised. One thread at a time publishes.
/// </summary>
internal sealed partial class DatabaseDirectory : IDisposable
{
    /// <summary>The file that says which files count.</summary>
    public const string SuperName = "SUPER";

    /// <summary>Its name until a new database is complete.</summary>
    public const string SuperNewName = "SUPER.new";

    /// <summary>The file by which a directory is known as a backup.</summary>
    public const string BackupMarkName = "BACKUP";

    /// <summary>Its name while a backup is being made.</summary>
    public const string NewBackupMarkName = "BACKUP.new";

    /// <summary>The file that stands as long as a restore is not complete.</summary>
    public const string RestoreMarkName = "RESTORE";

    private const string LockName = "LOCK";
    private const string LogName = "wal";
    private const string HolderPrefix = "NeuroStore database, opened by ";
    private const int HolderSizeBytesMax = 512;
    private readonly SystemSeams _seams;
    private readonly string _path;
    private readonly IDisposable? _lock;
    private readonly Lock _publishGate = new();
    private SuperBlock? _super;
    private Exception? _publishFailure;

    private DatabaseDirectory(SystemSeams seams, string path, IDisposable? heldLock)
    {
        _seams = seams;
        _path = path;
        _lock = heldLock;
        Files = new DatabaseFiles(seams.Files, path);
    }

    /// <summary>The names of the files.</summary>
    public DatabaseFiles Files { get; }

    /// <summary>What SUPER says; known once it is open.</summary>
    public SuperBlock Super
    {
        get
        {
            SuperBlock? super = Volatile.Read(ref _super);
            Invariant.Check(super is not null, "SUPER is open");
            return super;
        }
    }

    /// <summary>The keys of an encrypted database; null in a plain one.</summary>
    public KeyRing? Keys { get; private set; }

    /// <summary>Whether the database was made by this opening.</summary>
    public bool IsNew { get; private set; }

    /// <summary>Whether one of the two slots of SUPER was damaged and written again.</summary>
    public bool WasRepaired { get; private set; }

    /// <summary>The directory of the log.</summary>
    public string LogPath => Files.LogDirectory;

    /// <summary>Locks the directory, after a look whether it can be one of ours.</summary>
    /// <param name="seams">The machine.</param>
    /// <param name="path">The directory.</param>
    /// <param name="isCopy">
    /// Whether a backup or a restore is to be written there, or gone on with.
    /// </param>
    public static DatabaseDirectory Lock(SystemSeams seams, string path, bool isCopy = false)
    {
        IFileSystem files = seams.Files;
        if (files.FileExists(path))
        {
            throw new NeuroStoreException(
                ErrorCode.PathIsFile,
                $"{path} is a file; a NeuroStore database is a directory. Give the path of a "
                + "directory, which may be new.");
        }

        files.CreateDirectory(path);
        CheckContent(files, path, isCopy);
        return TakeLock(seams, path);
    }

    private static DatabaseDirectory TakeLock(SystemSeams seams, string path)
    {
        IFileSystem files = seams.Files;
        string lockPath = Path.Combine(path, LockName);
        string holder = string.Create(
            CultureInfo.InvariantCulture,
            $"{HolderPrefix}process {Environment.ProcessId} on {Environment.MachineName}");
        IDisposable heldLock = files.TryLock(lockPath, holder)
            ?? throw Locked(files, path, lockPath);
        return new DatabaseDirectory(seams, path, heldLock);
    }

    /// <summary>Reads SUPER; a new directory becomes a database first.</summary>
    /// <param name="options">The sizes of a new log.</param>
    /// <param name="key">The user's key, or null for a plain database.</param>
    public SuperBlock OpenSuper(RecordLogOptions options, EncryptionKey? key = null)
    {
        Invariant.Check(_super is null, "SUPER is opened once");
        string superPath = Path.Combine(_path, SuperName);
        if (!_seams.Files.FileExists(superPath))
        {
            _super = Create(superPath, options, key);
            return _super;
        }

        // A process that was killed may have given SUPER its name and not made it durable.
        _seams.Files.FlushDirectory(_path);
        SuperBlock super = SuperFile.Read(
            _seams.Files, superPath, read => Unlock(read, key, superPath), out bool needsRepair);
        WasRepaired = needsRepair;
        _seams.Files.Delete(Path.Combine(_path, SuperNewName));
        _super = super;
        return super;
    }

    /// <summary>Opens the log where SUPER says that it begins.</summary>
    public RecordLog OpenLog(RecordLogOptions options, IRecordReplay replay, Action? replayed) =>
        RecordLog.Open(
            _seams, LogPath, Super.DatabaseId, Super.LogStart, options, replay, Keys, replayed);

    /// <summary>Writes a damaged slot of SUPER again, once what it leads to is verified.</summary>
    public void RepairSuper()
    {
        if (WasRepaired)
        {
            SuperFile.Repair(_seams.Files, Path.Combine(_path, SuperName), Super);
        }
    }

    /// <summary>Reads the manifest that SUPER names; null before the first checkpoint.</summary>
    public Manifest? ReadManifest() => Super.Manifest.IsNone
        ? null
        : Manifest.Read(
            _seams.Files,
            Files.ManifestPath(Super.Manifest.Number),
            Super.DatabaseId,
            Super.Manifest,
            Keys);

    /// <summary>
    /// Makes a change of SUPER durable. What it names must be durable before; what it no longer
    /// names may be removed after. If this fails, nobody knows which of the two counts until the
    /// next opening: then nothing is removed and nothing published any more.
    /// </summary>
    /// <param name="next">
    /// What SUPER is to say; its key stays, and a change of the key in between is no conflict.
    /// </param>
    public void Publish(SuperBlock next)
    {
        lock (_publishGate)
        {
            Publish(next, Super.KeySlot);
        }
    }

    /// <summary>
    /// Raises an error if an earlier change of SUPER failed: what it names, and what the change
    /// before it names, must both stay as they are until the next opening.
    /// </summary>
    public void CheckPublishing()
    {
        if (Volatile.Read(ref _publishFailure) is { } failure)
        {
            throw new NeuroStoreException(
                ErrorCode.DatabaseStopped,
                $"SUPER in {_path} is not written any more, because an earlier write of it "
                + $"failed: {failure.Message} Close the database and open it again.",
                innerException: failure);
        }
    }

    /// <summary>
    /// Locks the data key by another key of the user, durably: that one opens the database from
    /// now on, and the key before does not. The data stays as it is.
    /// </summary>
    public void Rekey(EncryptionKey key)
    {
        KeyRing keys = Keys ?? throw new NeuroStoreException(
            ErrorCode.NotEncrypted,
            $"The database {_path} is not encrypted, so its key cannot be changed. Copy its rows "
            + "into a new database that has a key.");
        var slot = new byte[KeySlot.SizeBytes];
        keys.Wrap(key, slot);
        lock (_publishGate)
        {
            Publish(Super with { Generation = Super.Generation + 1 }, [.. slot]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Keys?.Dispose();
        _lock?.Dispose();
    }

    private void Unlock(SuperBlock super, EncryptionKey? key, string superPath)
    {
        Keys = KeyRing.Open(
            super.KeySlot.AsSpan(), key, super.DatabaseId, _seams.Random, superPath);
        if (!super.IsAuthentic(Keys))
        {
            throw new CorruptionException(
                superPath, 0, "it was changed by somebody without the database's key");
        }
    }

    private void Publish(SuperBlock next, ImmutableArray<byte> keySlot)
    {
        SuperBlock current = Super;
        Invariant.Check(next.Generation <= current.Generation + 1, "one change after the other");
        Invariant.Check(next.DatabaseId == current.DatabaseId);
        Invariant.Check(next.Manifest.Number >= current.Manifest.Number);
        Invariant.Check(next.LogStart.Address >= current.LogStart.Address);
        SuperBlock changed = next with
        {
            Generation = current.Generation + 1,
            KeySlot = keySlot,
        };
        Write(changed.Sealed(Keys));
    }

    private void Write(SuperBlock next)
    {
        CheckPublishing();
        try
        {
            SuperFile.Write(_seams.Files, Path.Combine(_path, SuperName), Super, next);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _publishFailure = failure;
            throw new NeuroStoreException(
                ErrorCode.InputOutput,
                $"SUPER in {_path} could not be written: {failure.Message} Close the database "
                + "and open it again.",
                innerException: failure);
        }

        Volatile.Write(ref _super, next);
    }

    private static void CheckContent(IFileSystem files, string path, bool isCopy)
    {
        HashSet<string> names = [.. files.List(path).Select(Path.GetFileName).OfType<string>()];
        bool isUnfinishedBackup = names.Contains(NewBackupMarkName) && !names.Contains(SuperName);
        if (names.Remove(RestoreMarkName) && !isCopy)
        {
            throw new NeuroStoreException(
                ErrorCode.NotADatabase,
                $"{path} holds a restore that was not finished. Remove the directory and restore "
                + "again.");
        }

        if (isUnfinishedBackup && !isCopy)
        {
            throw new NeuroStoreException(
                ErrorCode.NotADatabase,
                $"{path} holds a backup that was not finished. Make the backup again, to the same "
                + "directory or another.");
        }

        if (names.Contains(SuperName) || names.Contains(SuperNewName) || isUnfinishedBackup)
        {
            return;
        }

        bool hasLog = names.Remove(LogName) && files.List(Path.Combine(path, LogName)).Count > 0;
        if (hasLog && names.Contains(LockName))
        {
            throw new CorruptionException(
                Path.Combine(path, SuperName), 0, "the file is missing");
        }

        var own = new DatabaseFiles(files, path);
        foreach (string directory in (string[])[own.SegmentDirectory, own.BlobDirectory])
        {
            if (files.DirectoryExists(directory) && files.List(directory).Count == 0)
            {
                names.Remove(Path.GetFileName(directory));
            }
        }

        bool isOurs = (names.Count == 0 && !hasLog)
            || (names.Count == 1 && names.Contains(LockName) && IsOurLock(files, path));
        if (!isOurs)
        {
            throw new NeuroStoreException(
                ErrorCode.NotADatabase,
                $"{path} is not empty and holds no NeuroStore database. Give an empty or new "
                + "directory.");
        }
    }

    private static bool IsOurLock(IFileSystem files, string path)
    {
        // After a loss of power the file may have its length and none of its bytes.
        string? holder = ReadHolder(files, Path.Combine(path, LockName))?.TrimEnd('\0');
        return string.IsNullOrEmpty(holder)
            || holder.StartsWith(HolderPrefix, StringComparison.Ordinal);
    }

    private static NeuroStoreException Locked(IFileSystem files, string path, string lockPath)
    {
        string holder = ReadHolder(files, lockPath) ?? "";
        string who = holder.StartsWith(HolderPrefix, StringComparison.Ordinal)
            ? holder[HolderPrefix.Length..]
            : "an unknown process";
        return new NeuroStoreException(
            ErrorCode.DatabaseLocked,
            $"The database {path} is open already, held by {who}. Close it there; one process at "
            + "a time may open a database, and only once.");
    }

    // Null where the system does not let a locked file be read.
    private static string? ReadHolder(IFileSystem files, string lockPath)
    {
        try
        {
            using IFile file = files.Open(lockPath, FileOpenKind.Read);
            var bytes = new byte[HolderSizeBytesMax];
            return Encoding.UTF8.GetString(bytes, 0, file.Read(0, bytes));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private SuperBlock Create(string superPath, RecordLogOptions options, EncryptionKey? key)
    {
        IFileSystem files = _seams.Files;
        string newPath = Path.Combine(_path, SuperNewName);
        if (files.DirectoryExists(Files.LogDirectory))
        {
            foreach (string file in files.List(Files.LogDirectory))
            {
                // Where SUPER.new stands and SUPER does not, nothing was promised to anybody.
                Invariant.Check(files.FileExists(newPath));
                files.Delete(file);
            }
        }

        options.Validate();
        Guid id = NewId();
        SuperBlock super = new SuperBlock
        {
            Generation = 1,
            DatabaseId = id,
            KeySlot = NewKeySlot(id, key),
            CreatedMicroseconds = _seams.Clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000,
            LogStart = LogStart.New(options),
        }.Sealed(Keys);
        SuperFile.Create(files, newPath, super);
        files.FlushDirectory(_path);
        RecordLog.Create(
            _seams, Files.LogDirectory, super.DatabaseId, super.LogStart, options);
        Files.EnsureDirectories();
        files.Move(newPath, superPath);
        files.FlushDirectory(_path);
        IsNew = true;
        return super;
    }

    private ImmutableArray<byte> NewKeySlot(Guid databaseId, EncryptionKey? key)
    {
        var slot = new byte[KeySlot.SizeBytes];
        if (key is not null)
        {
            Keys = KeyRing.Create(databaseId, _seams.Random);
            Keys.Wrap(key, slot);
        }

        return [.. slot];
    }

    private Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, _seams.Random.NextUInt64());
        BitConverter.TryWriteBytes(bytes[8..], _seams.Random.NextUInt64());
        return new Guid(bytes);
    }
}
