namespace NeuroDb.Tests.Simulation;

/// <summary>
/// A disk in memory with a system above it that buffers writes. It can keep a journal of all
/// changes, from which <see cref="DiskState"/> tells what a loss of power leaves at each moment.
/// Processes reach it through a <see cref="SimulatedFileSystem"/> of their own. Safe for several
/// threads.
/// </summary>
internal sealed class SimulatedDisk
{
    private readonly Dictionary<string, (int Id, PagedBytes Bytes)> _files = [];
    private readonly HashSet<string> _directories = ["/"];
    private readonly HashSet<string> _locks = [];
    private readonly List<DiskOperation> _journal = [];
    private DiskState? _birth;
    private int _nextId;
    private long _usedBytes;

    /// <summary>Makes an empty disk.</summary>
    public SimulatedDisk()
    {
    }

    /// <summary>Makes the disk that a loss left.</summary>
    public SimulatedDisk(DiskState state)
    {
        _directories.UnionWith(state.Directories);
        foreach ((string path, int id, PagedBytes bytes) in state.Files)
        {
            Place(path, id, bytes);
        }

        _nextId = state.NextId;
    }

    /// <summary>Makes the disk that a killed process left: all is there, not all is durable.
    /// </summary>
    public SimulatedDisk(DiskState state, DiskState durable)
        : this(state)
    {
        _birth = durable;
    }

    /// <summary>Held during every call.</summary>
    public Lock Gate { get; } = new();

    /// <summary>What fails.</summary>
    public DiskFaults Faults { get; } = new();

    /// <summary>The changes since the journal began.</summary>
    public int OperationCount => _journal.Count;

    /// <summary>Whether changes are kept in the journal.</summary>
    public bool HasJournal { get; private set; }

    /// <summary>The changes since the journal began.</summary>
    public IReadOnlyList<DiskOperation> Journal => _journal;

    /// <summary>
    /// A kind of flush that the disk only pretends to do, for tests of the tests.
    /// </summary>
    public DiskOperationKind? Pretended { get; init; }

    /// <summary>The files that are open in processes that live.</summary>
    public int OpenCount { get; set; }

    /// <summary>The bytes of all files.</summary>
    public long UsedBytes => _usedBytes;

    /// <summary>The locks that are held.</summary>
    public int LockCount => _locks.Count;

    /// <summary>The paths of all files, in order.</summary>
    public IEnumerable<string> Paths => _files.Keys.Order(StringComparer.Ordinal);

    /// <summary>The bytes of a file, to look at or to damage.</summary>
    public PagedBytes this[string path] => _files[path].Bytes;

    /// <summary>Begins the journal; what the disk holds now is its start.</summary>
    public void BeginJournal()
    {
        HasJournal = true;
        _birth ??= State();
    }

    /// <summary>The state before the first change of the journal.</summary>
    public DiskState Birth() => (_birth ?? State()).Copy();

    /// <summary>The disk as it is, all of it durable.</summary>
    public DiskState State()
    {
        var state = new DiskState();
        state.PlaceDirectories(_directories);
        foreach ((string path, (int id, PagedBytes bytes)) in _files)
        {
            state.Place(path, id, bytes.Copy());
        }

        return state;
    }

    /// <summary>Gives a file from outside, durable, in place of what has the name.</summary>
    public void Place(string path, PagedBytes? bytes)
    {
        if (_files.Remove(path, out (int Id, PagedBytes Bytes) old))
        {
            _usedBytes -= old.Bytes.Length;
        }

        if (bytes is not null)
        {
            Place(path, _nextId, bytes);
        }
    }

    /// <summary>Whether a file has that name; under the gate.</summary>
    public bool HasFile(string path) => _files.ContainsKey(path);

    /// <summary>Whether there is such a directory; under the gate.</summary>
    public bool HasDirectory(string path) => _directories.Contains(path);

    /// <summary>Makes a directory, with those above it, durably; under the gate.</summary>
    public void MakeDirectory(string path)
    {
        Note(DiskOperationKind.CreateDirectory, path, -1);
        for (string? at = path; at is not null; at = Path.GetDirectoryName(at))
        {
            _directories.Add(at);
        }
    }

    /// <summary>The names directly in a directory, in order; under the gate.</summary>
    public IReadOnlyList<string> List(string directory) =>
        [.. _files.Keys.Concat(_directories)
            .Where(path => Path.GetDirectoryName(path) == directory)
            .Order(StringComparer.Ordinal)];

    /// <summary>The file of a name, or null; under the gate.</summary>
    public (int Id, PagedBytes Bytes)? Find(string path) =>
        _files.TryGetValue(path, out (int, PagedBytes) file) ? file : null;

    /// <summary>Makes an empty file; under the gate.</summary>
    public (int Id, PagedBytes Bytes) Create(string path)
    {
        int id = _nextId++;
        Note(DiskOperationKind.Create, path, id);
        var bytes = new PagedBytes();
        _files[path] = (id, bytes);
        return (id, bytes);
    }

    /// <summary>Takes a name away; under the gate.</summary>
    public void Delete(string path)
    {
        if (_files.TryGetValue(path, out (int Id, PagedBytes Bytes) file))
        {
            Note(DiskOperationKind.Delete, path, file.Id);
            _files.Remove(path);
            _usedBytes -= file.Bytes.Length;
        }
    }

    /// <summary>Renames a file; under the gate.</summary>
    public void Move(string source, string target)
    {
        (int Id, PagedBytes Bytes) file = _files[source];
        Note(DiskOperationKind.Move, source, file.Id, 0, [], target);
        if (_files.TryGetValue(target, out (int Id, PagedBytes Bytes) old))
        {
            _usedBytes -= old.Bytes.Length;
        }

        _files.Remove(source);
        _files[target] = file;
    }

    /// <summary>Keeps a change in the journal; under the gate.</summary>
    public void Note(
        DiskOperationKind kind,
        string path,
        int id,
        long offset = 0,
        ReadOnlySpan<byte> data = default,
        string target = "")
    {
        bool isPretended = kind == Pretended;
        if (isPretended && kind == DiskOperationKind.WriteThrough)
        {
            (kind, isPretended) = (DiskOperationKind.Write, false);
        }

        if (HasJournal && !isPretended)
        {
            _journal.Add(new DiskOperation(kind, path, id, offset, data.ToArray(), target));
        }
    }

    /// <summary>Counts bytes that a file grew by, if there is room; under the gate.</summary>
    public void Grow(long bytes)
    {
        if (bytes > 0)
        {
            Faults.CheckRoom(_usedBytes + bytes);
        }

        _usedBytes += bytes;
    }

    /// <summary>Takes a lock; under the gate.</summary>
    public bool TryLock(string path) => _locks.Add(path);

    /// <summary>Gives a lock back; under the gate.</summary>
    public void Unlock(string path) => _locks.Remove(path);

    private void Place(string path, int id, PagedBytes bytes)
    {
        _files[path] = (id, bytes);
        _usedBytes += bytes.Length;
        _nextId = Math.Max(_nextId, id + 1);
    }
}
