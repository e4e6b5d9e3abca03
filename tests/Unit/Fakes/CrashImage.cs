namespace NeuroDb.Tests.Unit;

/// <summary>
/// Replays the journal of a <see cref="MemoryFileSystem"/> and keeps apart what is durable and
/// what only the system's memory holds, to build the disk that a crash leaves.
/// </summary>
internal sealed class CrashImage
{
    private const int SectorSizeBytes = 512;
    private readonly Dictionary<int, MemoryFileContent> _durable = [];
    private readonly Dictionary<int, List<FileOperation>> _pending = [];
    private readonly Dictionary<string, int> _names = [];
    private readonly List<FileOperation> _pendingNames = [];
    private readonly IEnumerable<string> _directories;

    /// <summary>Starts with what was on the disk before the journal began.</summary>
    public CrashImage(
        IEnumerable<string> directories, IReadOnlyDictionary<string, MemoryFileContent> atBirth)
    {
        _directories = directories;
        foreach ((string path, MemoryFileContent content) in atBirth)
        {
            _names[path] = content.Id;
            _durable[content.Id] = content.Copy();
            _pending[content.Id] = [];
        }
    }

    /// <summary>Takes a change that was completed.</summary>
    public void Apply(FileOperation operation)
    {
        switch (operation.Kind)
        {
            case FileOperationKind.WriteThrough:
                _durable[operation.FileId].Write(operation.Offset, operation.Data);
                break;
            case FileOperationKind.Flush:
                ApplyPending(operation.FileId);
                break;
            case FileOperationKind.FlushDirectory:
                ApplyNames(operation.Path);
                break;
            default:
                Interrupt(operation);
                break;
        }
    }

    /// <summary>Takes a change that was begun: any part of it may have happened.</summary>
    public void Interrupt(FileOperation operation)
    {
        switch (operation.Kind)
        {
            case FileOperationKind.Create:
                _durable[operation.FileId] = new MemoryFileContent(operation.FileId);
                _pending[operation.FileId] = [];
                _pendingNames.Add(operation);
                break;
            case FileOperationKind.Delete:
            case FileOperationKind.Move:
                _pendingNames.Add(operation);
                break;
            case FileOperationKind.Write:
            case FileOperationKind.WriteThrough:
            case FileOperationKind.SetLength:
                _pending[operation.FileId].Add(operation);
                break;
            default:
                break;
        }
    }

    /// <summary>The disk as the next process sees it: everything that was done.</summary>
    public MemoryFileSystem Killed()
    {
        foreach (int id in _pending.Keys)
        {
            ApplyPending(id);
        }

        foreach (FileOperation operation in _pendingNames)
        {
            ApplyName(operation);
        }

        return Build();
    }

    /// <summary>One of the disks that a power loss leaves.</summary>
    public MemoryFileSystem PowerLost(ulong seed)
    {
        // The first seeds are the plain cases: nothing of what is open survives, or all of it.
        var random = new SeededRandomSource(seed);
        bool Survives() => seed switch
        {
            0 => false,
            1 => true,
            _ => (random.NextUInt64() & 1) == 0,
        };

        foreach ((int id, List<FileOperation> operations) in _pending)
        {
            foreach (FileOperation operation in operations)
            {
                ApplyPartly(_durable[id], operation, Survives);
            }
        }

        foreach (FileOperation operation in _pendingNames)
        {
            if (Survives())
            {
                ApplyName(operation);
            }
        }

        return Build();
    }

    private static void ApplyPartly(
        MemoryFileContent content, FileOperation operation, Func<bool> survives)
    {
        if (operation.Kind == FileOperationKind.SetLength)
        {
            if (survives())
            {
                content.SetLength(operation.Offset);
            }

            return;
        }

        for (int at = 0; at < operation.Data.Length;)
        {
            long start = operation.Offset + at;
            int toBoundary = SectorSizeBytes - (int)(start % SectorSizeBytes);
            int count = Math.Min(operation.Data.Length - at, toBoundary);
            if (survives())
            {
                content.Write(start, operation.Data.AsSpan(at, count));
            }

            at += count;
        }
    }

    private void ApplyPending(int id)
    {
        foreach (FileOperation operation in _pending[id])
        {
            ApplyPartly(_durable[id], operation, static () => true);
        }

        _pending[id].Clear();
    }

    private void ApplyNames(string directory)
    {
        foreach (FileOperation operation in _pendingNames)
        {
            if (Path.GetDirectoryName(operation.Path) == directory)
            {
                ApplyName(operation);
            }
        }

        _pendingNames.RemoveAll(
            operation => Path.GetDirectoryName(operation.Path) == directory);
    }

    private void ApplyName(FileOperation operation)
    {
        if (operation.Kind == FileOperationKind.Create)
        {
            _names[operation.Path] = operation.FileId;
            return;
        }

        _names.Remove(operation.Path);
        if (operation.Kind == FileOperationKind.Move)
        {
            _names[operation.Target] = operation.FileId;
        }
    }

    private MemoryFileSystem Build()
    {
        var disk = new MemoryFileSystem();
        disk.PlaceDirectories(_directories);
        foreach ((string path, int id) in _names)
        {
            disk.Place(path, _durable[id].Copy());
        }

        return disk;
    }
}
