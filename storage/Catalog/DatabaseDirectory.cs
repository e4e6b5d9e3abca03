using System.Globalization;
using System.Text;

namespace NeuroDb.Storage;

/// <summary>
/// The directory of a database: LOCK (held as long as it is open), SUPER (what it is), and wal (its
/// log). Segments, indexes and the manifest will stand beside them. A new database exists from the
/// moment SUPER gets its name; until then the same content stands in SUPER.new, and a directory
/// with SUPER.new and without SUPER holds nothing that anybody was promised.
/// </summary>
internal sealed class DatabaseDirectory : IDisposable
{
    private const string LockName = "LOCK";
    private const string SuperName = "SUPER";
    private const string SuperNewName = "SUPER.new";
    private const string LogName = "wal";
    private const string HolderPrefix = "NeuroStore database, opened by ";
    private const int HolderSizeBytesMax = 512;
    private readonly SystemSeams _seams;
    private readonly string _path;
    private readonly IDisposable _lock;

    private DatabaseDirectory(SystemSeams seams, string path, IDisposable heldLock)
    {
        _seams = seams;
        _path = path;
        _lock = heldLock;
    }

    /// <summary>Whether the database was made by this opening.</summary>
    public bool IsNew { get; private set; }

    /// <summary>Whether one of the two slots of SUPER was damaged and written again.</summary>
    public bool WasRepaired { get; private set; }

    /// <summary>The directory of the log.</summary>
    public string LogPath => Path.Combine(_path, LogName);

    /// <summary>Locks the directory, after a look whether it can be one of ours.</summary>
    public static DatabaseDirectory Lock(SystemSeams seams, string path)
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
        CheckContent(files, path);
        string lockPath = Path.Combine(path, LockName);
        string holder = string.Create(
            CultureInfo.InvariantCulture,
            $"{HolderPrefix}process {Environment.ProcessId} on {Environment.MachineName}");
        IDisposable heldLock = files.TryLock(lockPath, holder)
            ?? throw Locked(files, path, lockPath);
        return new DatabaseDirectory(seams, path, heldLock);
    }

    /// <summary>Opens the log of the database, which is made if the directory is new.</summary>
    public RecordLog OpenLog(RecordLogOptions options, IRecordReplay replay)
    {
        string superPath = Path.Combine(_path, SuperName);
        if (!_seams.Files.FileExists(superPath))
        {
            return Create(superPath, options);
        }

        SuperBlock super = ReadSuper(superPath);
        _seams.Files.Delete(Path.Combine(_path, SuperNewName));
        return RecordLog.Open(_seams, LogPath, super.DatabaseId, options, replay);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static void CheckContent(IFileSystem files, string path)
    {
        HashSet<string> names = [.. files.List(path).Select(Path.GetFileName).OfType<string>()];
        if (names.Contains(SuperName) || names.Contains(SuperNewName))
        {
            return;
        }

        bool hasLog = names.Remove(LogName) && files.List(Path.Combine(path, LogName)).Count > 0;
        if (hasLog && names.Contains(LockName))
        {
            throw new CorruptionException(
                Path.Combine(path, SuperName), 0, "the file is missing");
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
        string? holder = ReadHolder(files, Path.Combine(path, LockName));
        return holder is null || holder.Length == 0
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

    private RecordLog Create(string superPath, RecordLogOptions options)
    {
        string newPath = Path.Combine(_path, SuperNewName);
        if (_seams.Files.DirectoryExists(LogPath))
        {
            foreach (string file in _seams.Files.List(LogPath))
            {
                // Where SUPER.new stands and SUPER does not, nothing was promised to anybody.
                Invariant.Check(_seams.Files.FileExists(newPath));
                _seams.Files.Delete(file);
            }
        }

        var super = new SuperBlock(
            1,
            NewId(),
            _seams.Clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000);
        FileOpenKind kind = _seams.Files.FileExists(newPath)
            ? FileOpenKind.Write
            : FileOpenKind.Create;
        using (IFile file = _seams.Files.Open(newPath, kind))
        {
            var slots = new byte[2 * SuperBlock.SlotSizeBytes];
            super.Encode(slots.AsSpan(0, SuperBlock.SlotSizeBytes));
            super.Encode(slots.AsSpan(SuperBlock.SlotSizeBytes));
            file.SetLength(slots.Length);
            file.Write(0, slots);
            file.Flush();
        }

        _seams.Files.FlushDirectory(_path);
        RecordLog log = RecordLog.Create(_seams, LogPath, super.DatabaseId, options);
        bool isNamed = false;
        try
        {
            _seams.Files.Move(newPath, superPath);
            _seams.Files.FlushDirectory(_path);
            isNamed = true;
        }
        finally
        {
            if (!isNamed)
            {
                log.Dispose();
            }
        }

        IsNew = true;
        return log;
    }

    private SuperBlock ReadSuper(string superPath)
    {
        int slotSize = SuperBlock.SlotSizeBytes;
        using IFile file = _seams.Files.Open(superPath, FileOpenKind.Write);
        if (file.Length != 2L * slotSize)
        {
            throw new CorruptionException(
                superPath, file.Length, $"the file must have {2 * slotSize} bytes");
        }

        var slots = new byte[2 * slotSize];
        int read = file.Read(0, slots);
        Invariant.Check(read == slots.Length);
        SuperBlock? first = SuperBlock.Decode(slots.AsSpan(0, slotSize), superPath);
        SuperBlock? second = SuperBlock.Decode(slots.AsSpan(slotSize), superPath);
        SuperBlock super = Newer(first, second)
            ?? throw new CorruptionException(superPath, 0, "neither slot is intact");
        if (first is not null && second is not null && first.DatabaseId != second.DatabaseId)
        {
            throw new CorruptionException(
                superPath, 0, "the slots are of different databases");
        }

        if (first != second)
        {
            super.Encode(slots.AsSpan(0, slotSize));
            file.Write(first == super ? slotSize : 0, slots.AsSpan(0, slotSize));
            file.Flush();
            WasRepaired = true;
        }

        return super;
    }

    private static SuperBlock? Newer(SuperBlock? first, SuperBlock? second)
    {
        if (first is null || second is null)
        {
            return first ?? second;
        }

        return second.Generation > first.Generation ? second : first;
    }

    private Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, _seams.Random.NextUInt64());
        BitConverter.TryWriteBytes(bytes[8..], _seams.Random.NextUInt64());
        return new Guid(bytes);
    }
}
