namespace NeuroDb.Tests.Simulation;

/// <summary>
/// What a disk holds durably, and the changes that are not durable yet, followed change by change.
/// From each point it builds the disks that a loss may leave there.
/// </summary>
internal sealed class DiskState
{
    /// <summary>What a disk writes as a whole or not at all.</summary>
    public const int SectorSizeBytes = 512;

    private readonly Dictionary<int, PagedBytes> _durable = [];
    private readonly Dictionary<int, List<DiskOperation>> _pending = [];
    private readonly Dictionary<string, int> _names = [];
    private readonly List<DiskOperation> _pendingNames = [];
    private readonly HashSet<string> _directories = [];

    /// <summary>Whether some change is not durable.</summary>
    public bool HasPending => _pendingNames.Count > 0
        || _pending.Values.Any(static operations => operations.Count > 0);

    /// <summary>The number that the next file gets.</summary>
    public int NextId => _durable.Count == 0 ? 0 : _durable.Keys.Max() + 1;

    /// <summary>The directories, which are always durable.</summary>
    public IReadOnlyCollection<string> Directories => _directories;

    /// <summary>The files of a disk that holds nothing but durable ones.</summary>
    public IEnumerable<(string Path, int Id, PagedBytes Bytes)> Files =>
        _names.Select(pair => (pair.Key, pair.Value, _durable[pair.Value]));

    /// <summary>Puts a durable file there.</summary>
    public void Place(string path, int id, PagedBytes bytes)
    {
        _names[path] = id;
        _durable[id] = bytes;
        _pending[id] = [];
    }

    /// <summary>Adds directories.</summary>
    public void PlaceDirectories(IEnumerable<string> paths) => _directories.UnionWith(paths);

    /// <summary>The same state once more.</summary>
    public DiskState Copy()
    {
        var copy = new DiskState();
        copy._directories.UnionWith(_directories);
        copy._pendingNames.AddRange(_pendingNames);
        foreach ((int id, PagedBytes bytes) in _durable)
        {
            copy._durable[id] = bytes.Copy();
            copy._pending[id] = [.. _pending[id]];
        }

        foreach ((string path, int id) in _names)
        {
            copy._names[path] = id;
        }

        return copy;
    }

    /// <summary>Takes a change that was completed.</summary>
    public void Apply(DiskOperation operation)
    {
        switch (operation.Kind)
        {
            case DiskOperationKind.WriteThrough:
                // What was written before it and is not durable may still reach the disk later,
                // and then it is the older bytes that lose.
                _durable[operation.FileId].Write(operation.Offset, operation.Data);
                Outdate(operation);
                break;
            case DiskOperationKind.Flush:
                Settle(operation.FileId, static () => true);
                break;
            case DiskOperationKind.FailedFlush:
                Settle(operation.FileId, Coin((ulong)operation.Offset));
                break;
            case DiskOperationKind.CreateDirectory:
                MakeDirectory(operation.Path);
                break;
            case DiskOperationKind.FlushDirectory:
                SettleNames(operation.Path);
                break;
            default:
                Begin(operation);
                break;
        }
    }

    /// <summary>Takes a change that was begun.</summary>
    public void Begin(DiskOperation operation)
    {
        switch (operation.Kind)
        {
            case DiskOperationKind.CreateDirectory:
                _pendingNames.Add(operation);
                break;
            case DiskOperationKind.Create:
                _durable[operation.FileId] = new PagedBytes();
                _pending[operation.FileId] = [];
                _pendingNames.Add(operation);
                break;
            case DiskOperationKind.Delete:
            case DiskOperationKind.Move:
                _pendingNames.Add(operation);
                break;
            case DiskOperationKind.Write:
            case DiskOperationKind.WriteThrough:
            case DiskOperationKind.SetLength:
                _pending[operation.FileId].Add(operation);
                break;
            default:
                break;
        }
    }

    /// <summary>Ends it all; this state is used up.</summary>
    /// <param name="kind">How.</param>
    /// <param name="last">The change that was running.</param>
    /// <param name="seed">Of what is left by chance.</param>
    public DiskState Lose(LossKind kind, DiskOperation? last, ulong seed)
    {
        Func<bool> coin = Coin(seed);
        bool isTorn = kind is LossKind.LastTorn or LossKind.OnlyLastTorn;
        if (last is not null && !isTorn)
        {
            Begin(last);
        }

        bool whole = coin();
        foreach (int id in _durable.Keys)
        {
            Settle(id, kind switch
            {
                LossKind.AllLost or LossKind.OnlyLastTorn => static () => false,
                LossKind.AnySectors or LossKind.AnyChanges => coin,
                _ => static () => true,
            }, byChange: kind == LossKind.AnyChanges);
        }

        if (last is not null && isTorn)
        {
            Begin(last);
            Settle(last.FileId, coin);
        }

        foreach (DiskOperation operation in _pendingNames)
        {
            bool isKept = kind switch
            {
                LossKind.AllLost or LossKind.OnlyLastTorn => false,
                LossKind.AnySectors or LossKind.AnyChanges => coin(),
                LossKind.LastTorn => !ReferenceEquals(operation, last) || whole,
                _ => true,
            };
            if (isKept)
            {
                ApplyName(operation);
            }
        }

        _pendingNames.Clear();
        return this;
    }

    private static Func<bool> Coin(ulong seed)
    {
        var random = new SeededRandomSource(seed);
        return () => (random.NextUInt64() & 1) == 0;
    }

    /// <summary>
    /// The sectors of older pending writes under a durable one are durable or gone with it.
    /// </summary>
    private void Outdate(DiskOperation written)
    {
        List<DiskOperation> pending = _pending[written.FileId];
        long end = written.Offset + written.Data.Length;
        for (int i = 0; i < pending.Count; i++)
        {
            DiskOperation old = pending[i];
            long from = Math.Max(old.Offset, written.Offset);
            long to = Math.Min(old.Offset + old.Data.Length, end);
            if (old.Kind != DiskOperationKind.SetLength && from < to)
            {
                byte[] data = [.. old.Data];
                written.Data.AsSpan((int)(from - written.Offset), (int)(to - from))
                    .CopyTo(data.AsSpan((int)(from - old.Offset)));
                pending[i] = old with { Data = data };
            }
        }
    }

    private void Settle(int id, Func<bool> survives, bool byChange = false)
    {
        if (id < 0)
        {
            return;
        }

        PagedBytes bytes = _durable[id];
        foreach (DiskOperation operation in _pending[id])
        {
            if (operation.Kind == DiskOperationKind.SetLength || byChange)
            {
                if (survives())
                {
                    ApplyWhole(bytes, operation);
                }
            }
            else
            {
                ApplySectors(bytes, operation, survives);
            }
        }

        _pending[id].Clear();
    }

    private static void ApplyWhole(PagedBytes bytes, DiskOperation operation)
    {
        if (operation.Kind == DiskOperationKind.SetLength)
        {
            bytes.SetLength(operation.Offset);
        }
        else
        {
            bytes.Write(operation.Offset, operation.Data);
        }
    }

    private static void ApplySectors(
        PagedBytes bytes, DiskOperation operation, Func<bool> survives)
    {
        // The length is kept apart from the bytes: a file may have grown and hold zeros.
        long end = operation.Offset + operation.Data.Length;
        if (end > bytes.Length && survives())
        {
            bytes.SetLength(end);
        }

        for (int at = 0; at < operation.Data.Length;)
        {
            long start = operation.Offset + at;
            int toBoundary = SectorSizeBytes - (int)(start % SectorSizeBytes);
            int count = Math.Min(operation.Data.Length - at, toBoundary);
            if (survives())
            {
                bytes.Write(start, operation.Data.AsSpan(at, count));
            }

            at += count;
        }
    }

    private void SettleNames(string directory)
    {
        foreach (DiskOperation operation in _pendingNames)
        {
            if (Path.GetDirectoryName(operation.Path) == directory)
            {
                ApplyName(operation);
            }
        }

        _pendingNames.RemoveAll(
            operation => Path.GetDirectoryName(operation.Path) == directory);
    }

    private void MakeDirectory(string path)
    {
        for (string? at = path; at is not null; at = Path.GetDirectoryName(at))
        {
            _directories.Add(at);
        }
    }

    private void ApplyName(DiskOperation operation)
    {
        if (operation.Kind == DiskOperationKind.CreateDirectory)
        {
            MakeDirectory(operation.Path);
            return;
        }

        if (operation.Kind == DiskOperationKind.Create)
        {
            _names[operation.Path] = operation.FileId;
            return;
        }

        // A name that another file has by now is not this one's to take away.
        if (_names.TryGetValue(operation.Path, out int id) && id == operation.FileId)
        {
            _names.Remove(operation.Path);
        }

        if (operation.Kind == DiskOperationKind.Move)
        {
            _names[operation.Target] = operation.FileId;
        }
    }
}
