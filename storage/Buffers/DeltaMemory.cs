namespace NeuroDb.Storage;

/// <summary>
/// Counts the bytes of rows in memory: those that a checkpoint could still move into files, and,
/// told to the <see cref="BufferManager"/>, all that are held, also by readers of older states.
/// What nobody reaches any more it gives back, on a thread that no commit waits for. Changed under
/// the gate of commits, but for <see cref="Release"/>; any thread may ask.
/// </summary>
/// <param name="buffers">Shares the budget; null for a database in memory.</param>
/// <param name="workers">Give memory back.</param>
internal sealed class DeltaMemory(BufferManager? buffers, IWorkers workers)
{
    // So that a small commit takes no lock.
    private const long ReportSizeBytes = 64 << 10;

    // So much that was replaced waits for no other reason to begin a generation.
    private const long ReplacedSizeBytesMax = 16 << 20;
    private readonly List<(long SizeBytes, long Generation, INativeMemory[] Memory)> _retired = [];
    private readonly Queue<INativeMemory> _released = new();
    private bool _isReleasing;
    private long _replacedBytes;
    private long _currentBytes;
    private long _unreportedBytes;

    /// <summary>The bytes of the deltas that tables consist of now, roughly.</summary>
    public long CurrentBytes => Volatile.Read(ref _currentBytes);

    /// <summary>Counts what a delta has got since the last time.</summary>
    public void Grow(RowDelta delta)
    {
        long size = delta.SizeBytes;
        long grown = size - delta.CountedBytes;
        delta.CountedBytes = size;
        Volatile.Write(ref _currentBytes, _currentBytes + grown);
        _unreportedBytes += grown;
        if (_unreportedBytes >= ReportSizeBytes)
        {
            buffers?.ReportDelta(_unreportedBytes);
            _unreportedBytes = 0;
        }
    }

    /// <summary>Takes parts of tables out of the count of what is current, once each.</summary>
    /// <param name="parts">The parts that no table has any more.</param>
    /// <param name="generation">The last generation that reaches them.</param>
    public void Retire(IEnumerable<RowPart> parts, long generation)
    {
        long bytes = 0;
        RowDelta[] deltas = [.. parts.OfType<RowDelta>()];
        foreach (RowDelta delta in deltas)
        {
            bytes += delta.CountedBytes;
            delta.CountedBytes = 0;
        }

        Volatile.Write(ref _currentBytes, _currentBytes - bytes);
        buffers?.ReportDelta(_unreportedBytes);
        _unreportedBytes = 0;
        lock (_retired)
        {
            _retired.Add((bytes, generation, deltas));
        }
    }

    /// <summary>Takes memory of a delta that other memory has replaced.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="generation">The last generation that reaches it.</param>
    /// <returns>
    /// Whether a generation is to begin soon, so that what was replaced can go: once.
    /// </returns>
    public bool Replace(INativeMemory memory, long generation)
    {
        lock (_retired)
        {
            _retired.Add((0, generation, [memory]));
            bool wasDue = _replacedBytes >= ReplacedSizeBytesMax;
            _replacedBytes += memory.SizeBytes;
            return !wasDue && _replacedBytes >= ReplacedSizeBytesMax;
        }
    }

    /// <summary>Tells that nobody reads generations before a number any more.</summary>
    public void Release(long oldestGeneration)
    {
        long bytes = 0;
        bool isBegun = false;
        lock (_retired)
        {
            foreach ((long retired, long generation, INativeMemory[] memory) in _retired)
            {
                if (generation < oldestGeneration)
                {
                    bytes += retired;
                    Array.ForEach(memory, _released.Enqueue);
                }
            }

            _retired.RemoveAll(known => known.Generation < oldestGeneration);
            if (_released.Count > 0 && !_isReleasing)
            {
                isBegun = _isReleasing = true;
            }
        }

        if (bytes > 0)
        {
            buffers?.ReportDelta(-bytes);
        }

        if (isBegun)
        {
            workers.RunWaiting(GiveBack);
        }
    }

    /// <summary>Tells that a generation began after all memory that was replaced.</summary>
    public void BeginGeneration()
    {
        lock (_retired)
        {
            _replacedBytes = 0;
        }
    }

    private void GiveBack()
    {
        while (true)
        {
            INativeMemory? memory;
            lock (_retired)
            {
                if (!_released.TryDequeue(out memory))
                {
                    _isReleasing = false;
                    return;
                }
            }

            memory.Release();
        }
    }
}
