namespace NeuroDb.Tests.Unit;

/// <summary>
/// A disk in memory that remembers every change, fails where it is told to, and can show what a
/// real disk might hold after the process was killed or the power went away at any moment.
/// </summary>
internal sealed class MemoryFileSystem : IFileSystem
{
    private readonly Dictionary<string, MemoryFileContent> _files = [];
    private readonly Dictionary<string, MemoryFileContent> _atBirth = [];
    private readonly HashSet<string> _directories = ["/"];
    private readonly HashSet<string> _locks = [];
    private readonly List<FileOperation> _journal = [];
    private int _nextId;

    /// <summary>Makes an empty disk; without a journal it gives no crash images.</summary>
    public MemoryFileSystem(bool keepsJournal = true)
    {
        KeepsJournal = keepsJournal;
    }

    /// <summary>Whether changes are remembered.</summary>
    public bool KeepsJournal { get; }

    /// <summary>The changes so far; crash images exist for 0 ... this.</summary>
    public int OperationCount { get; private set; }

    /// <summary>The files that are open now.</summary>
    public int OpenFileCount { get; private set; }

    /// <summary>The number of the change from which on every one fails; none by default.</summary>
    public int FailFrom { get; set; } = int.MaxValue;

    /// <summary>Files that cannot be made; none by default.</summary>
    public Func<string, bool>? CreateFails { get; set; }

    /// <summary>Told of the target of each renaming before it happens.</summary>
    public Action<string>? BeforeMove { get; set; }

    /// <summary>Held during every change.</summary>
    public object Gate { get; } = new();

    /// <summary>The changes so far.</summary>
    public IReadOnlyList<FileOperation> Journal => _journal;

    /// <summary>The bytes of a file, to look at or to damage.</summary>
    public Span<byte> Bytes(string path) => _files[path].Bytes;

    /// <summary>Cuts or extends a file from outside.</summary>
    public void Resize(string path, long length) => _files[path].SetLength(length);

    /// <summary>The disk after the process was killed behind that many changes.</summary>
    public MemoryFileSystem AfterKill(int operationCount)
    {
        var image = new CrashImage(_directories, _atBirth);
        for (int i = 0; i < operationCount; i++)
        {
            image.Apply(_journal[i]);
        }

        return image.Killed();
    }

    /// <summary>
    /// One of the disks that a power loss behind that many changes, during the next, may leave:
    /// what was flushed is there, of the rest each sector of 512 bytes and each name may be or
    /// not. Seed 0 keeps nothing of the rest, seed 1 all of it.
    /// </summary>
    public MemoryFileSystem AfterPowerLoss(int operationCount, ulong seed)
    {
        var image = new CrashImage(_directories, _atBirth);
        for (int i = 0; i < operationCount; i++)
        {
            image.Apply(_journal[i]);
        }

        if (operationCount < _journal.Count)
        {
            image.Interrupt(_journal[operationCount]);
        }

        return image.PowerLost(seed);
    }

    /// <summary>The same disk once more, to damage one and keep the other.</summary>
    public MemoryFileSystem Copy()
    {
        var copy = new MemoryFileSystem(keepsJournal: false);
        copy._directories.UnionWith(_directories);
        foreach ((string path, MemoryFileContent content) in _files)
        {
            copy._files[path] = content.Copy();
        }

        return copy;
    }

    /// <summary>Puts a file onto the disk from outside, durably, before any change.</summary>
    public void Place(string path, MemoryFileContent content)
    {
        _files[path] = content;
        _atBirth[path] = content.Copy();
        _nextId = Math.Max(_nextId, content.Id + 1);
    }

    /// <summary>Puts directories onto the disk from outside.</summary>
    public void PlaceDirectories(IEnumerable<string> paths) => _directories.UnionWith(paths);

    /// <summary>Remembers a change, or fails in its place.</summary>
    public void Note(FileOperation operation)
    {
        if (OperationCount >= FailFrom)
        {
            throw new IOException("No space left on the simulated device");
        }

        OperationCount++;
        if (KeepsJournal)
        {
            _journal.Add(operation);
        }
    }

    /// <inheritdoc/>
    public bool FileExists(string path)
    {
        lock (Gate)
        {
            return _files.ContainsKey(path);
        }
    }

    /// <inheritdoc/>
    public bool DirectoryExists(string path)
    {
        lock (Gate)
        {
            return _directories.Contains(path);
        }
    }

    /// <inheritdoc/>
    public void CreateDirectory(string path)
    {
        lock (Gate)
        {
            for (string? at = path; at is not null; at = Path.GetDirectoryName(at))
            {
                _directories.Add(at);
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string directory)
    {
        lock (Gate)
        {
            return [.. _files.Keys.Concat(_directories)
                .Where(path => Path.GetDirectoryName(path) == directory).Order()];
        }
    }

    /// <inheritdoc/>
    public IFile Open(string path, FileOpenKind kind, bool writeThrough = false)
    {
        lock (Gate)
        {
            bool exists = _files.TryGetValue(path, out MemoryFileContent? content);
            if (kind == FileOpenKind.Create)
            {
                if (CreateFails?.Invoke(path) == true)
                {
                    throw new IOException($"{path} cannot be made on the simulated device");
                }

                if (exists || !_directories.Contains(Path.GetDirectoryName(path)!))
                {
                    throw new IOException($"{path} exists, or its directory does not");
                }

                content = new MemoryFileContent(_nextId++);
                Note(new FileOperation(FileOperationKind.Create, path, content.Id, 0, []));
                _files[path] = content;
            }
            else if (!exists)
            {
                throw new FileNotFoundException($"{path} does not exist", path);
            }

            OpenFileCount++;
            return new MemoryFile(this, path, content!, kind != FileOpenKind.Read, writeThrough);
        }
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        lock (Gate)
        {
            if (_files.TryGetValue(path, out MemoryFileContent? content))
            {
                Note(new FileOperation(FileOperationKind.Delete, path, content.Id, 0, []));
                _files.Remove(path);
            }
        }
    }

    /// <inheritdoc/>
    public void Move(string source, string target)
    {
        BeforeMove?.Invoke(target);
        lock (Gate)
        {
            if (!_files.TryGetValue(source, out MemoryFileContent? content))
            {
                throw new FileNotFoundException($"{source} does not exist", source);
            }

            Note(new FileOperation(FileOperationKind.Move, source, content.Id, 0, [], target));
            _files.Remove(source);
            _files[target] = content;
        }
    }

    /// <inheritdoc/>
    public void FlushDirectory(string path)
    {
        lock (Gate)
        {
            Note(new FileOperation(FileOperationKind.FlushDirectory, path, -1, 0, []));
        }
    }

    /// <inheritdoc/>
    public IDisposable? TryLock(string path, string holder)
    {
        lock (Gate)
        {
            return _locks.Add(path) ? new MemoryLock(this, path) : null;
        }
    }

    /// <summary>Counts a file that was closed.</summary>
    public void NoteClosed()
    {
        lock (Gate)
        {
            OpenFileCount--;
        }
    }

    /// <summary>Gives a lock back.</summary>
    public void Unlock(string path)
    {
        lock (Gate)
        {
            _locks.Remove(path);
        }
    }
}
