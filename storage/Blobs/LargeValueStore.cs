using System.Globalization;

namespace NeuroDb.Storage;

/// <summary>
/// The large values of a database: makes and opens their files, and knows who needs each of them -
/// a transaction that has it in hand, the log, or the segments of the last checkpoint. A file that
/// nobody needs is removed as soon as no older generation can reach it. Safe for many threads.
/// </summary>
/// <param name="files">The disk.</param>
/// <param name="names">The names of the files.</param>
/// <param name="databaseId">The database.</param>
/// <param name="keys">The keys of the database, or null in a plain one.</param>
/// <param name="takeNumber">Gives numbers; segments have theirs from there too.</param>
internal sealed class LargeValueStore(
    IFileSystem files,
    DatabaseFiles names,
    Guid databaseId,
    KeyRing? keys,
    Func<long> takeNumber)
    : ILargeValues
{
    private static readonly SegmentLargeValue[] NoSegments = [];
    private readonly object _gate = new();
    private readonly LargeValueFiles _files = new(files, names, databaseId, keys);
    private readonly Dictionary<long, LargeValueEntry> _entries = [];
    private ILookup<long, LargeReference> _bySegment = NoSegments.ToLookup(
        static value => value.SegmentId, static value => value.Reference);

    /// <summary>Where stamps come from; needed for writing only.</summary>
    public IRandomSource? Random { get; set; }

    /// <summary>The largest value; tests make it small.</summary>
    public long SizeBytesMax { get; set; } = Limits.LargeValueSizeBytesMax;

    /// <summary>Whether there is any large value.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count == 0;
            }
        }
    }

    /// <summary>Starts a new value, which its writer holds.</summary>
    public LargeValueWriter Create()
    {
        Invariant.Check(Random is not null, "values are written by the database that is open");
        long number = takeNumber();
        uint stamp = (uint)Random.NextUInt64();
        PageGuard guard = LargeValueFormat.GuardOf(keys, databaseId, number, stamp);
        Span<byte> salt = stackalloc byte[PageGuard.SaltSizeBytes];
        guard.Start(salt);
        byte[] header = LargeValueFormat.Header(
            databaseId, number, guard.SealSizeBytes, stamp, salt);
        IFile? file = null;
        Guarded(() => file = files.Open(names.BlobPath(number), FileOpenKind.Create));
        return new LargeValueWriter(this, file!, guard, number, header);
    }

    /// <inheritdoc/>
    public ILargeValueReader Open(in LargeReference reference)
    {
        string path = names.BlobPath(reference.Number);
        lock (_gate)
        {
            if (!_entries.TryGetValue(reference.Number, out LargeValueEntry? entry)
                || entry.Reference != reference)
            {
                throw new NeuroStoreException(
                    ErrorCode.NoTransaction,
                    $"The large value {path} is not there any more: its row was deleted, and the "
                    + "transaction that read it is over. Read it within the transaction.");
            }
        }

        return _files.Open(reference);
    }

    /// <summary>Reads all of a value.</summary>
    public void Verify(in LargeReference reference, CancellationToken cancellation) =>
        _files.Verify(reference, cancellation);

    /// <summary>Takes a value into the hands of a transaction or a parameter.</summary>
    public void Hold(long number)
    {
        lock (_gate)
        {
            _entries[number].HoldCount++;
        }
    }

    /// <summary>Gives a value back; a new one that was not committed is removed.</summary>
    public void Release(long number)
    {
        bool isOver = false;
        lock (_gate)
        {
            // A database that was closed has let go of all.
            if (_entries.TryGetValue(number, out LargeValueEntry? entry))
            {
                entry.HoldCount--;
                Invariant.Check(entry.HoldCount >= 0);
                isOver = !entry.IsNeeded && entry.DeadGeneration == 0 && !entry.WasCommitted;
                if (isOver)
                {
                    _entries.Remove(number);
                }
            }
        }

        if (isOver)
        {
            TryDelete(names.BlobPath(number));
        }
    }

    /// <summary>
    /// Says that the log names values at a commit: until a checkpoint holds the commit, an opening
    /// needs their files.
    /// </summary>
    public void Commit(IEnumerable<long> numbers, long timestamp, long generation)
    {
        lock (_gate)
        {
            foreach (long number in numbers)
            {
                LargeValueEntry entry = _entries[number];
                entry.LogTimestamp = timestamp;
                entry.BornGeneration = entry.WasCommitted ? entry.BornGeneration : generation;
                entry.WasCommitted = true;
                entry.DeadGeneration = 0;
            }
        }
    }

    /// <summary>Makes the names of new files durable, before a record refers to them.</summary>
    public void FlushNames() => Guarded(() => files.FlushDirectory(names.BlobDirectory));

    /// <summary>Takes note of values that the files of the last checkpoint refer to.</summary>
    public void Restore(IReadOnlyList<SegmentLargeValue> values)
    {
        lock (_gate)
        {
            _bySegment = values.ToLookup(
                static value => value.SegmentId, static value => value.Reference);
            foreach (SegmentLargeValue value in values)
            {
                AddRestored(value.Reference).IsInFiles = true;
            }
        }
    }

    /// <summary>Takes note of a value that a row of the log refers to.</summary>
    public void ObserveInLog(in LargeReference reference, long timestamp)
    {
        lock (_gate)
        {
            AddRestored(reference).LogTimestamp = timestamp;
        }
    }

    /// <summary>The files that are needed.</summary>
    public IReadOnlyList<LargeReference> Needed()
    {
        lock (_gate)
        {
            return [.. _entries.Values.Where(static entry => entry.IsNeeded)
                .Select(static entry => entry.Reference)
                .OrderBy(static reference => reference.Number)];
        }
    }

    /// <summary>The numbers of the values that commits of the log up to one refer to.</summary>
    public IReadOnlyList<long> InLogUpTo(long timestamp)
    {
        lock (_gate)
        {
            return [.. _entries
                .Where(pair => pair.Value.LogTimestamp > 0
                    && pair.Value.LogTimestamp <= timestamp)
                .Select(static pair => pair.Key)
                .Order()];
        }
    }

    /// <summary>Whether a file is one of a value that is in use.</summary>
    public bool IsThere(string path)
    {
        lock (_gate)
        {
            return names.IsBlob(path)
                && long.TryParse(
                    Path.GetFileName(path),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out long number)
                && _entries.ContainsKey(number);
        }
    }

    /// <summary>The values that only the log refers to.</summary>
    public IReadOnlyList<LargeReference> InLog()
    {
        lock (_gate)
        {
            return [.. _entries.Values
                .Where(static entry => entry.LogTimestamp > 0 && !entry.IsInFiles)
                .Select(static entry => entry.Reference)
                .OrderBy(static reference => reference.Number)];
        }
    }

    /// <summary>
    /// Takes note of a checkpoint: what its segments do not refer to, no later commit brought in
    /// and nobody holds, is dead.
    /// </summary>
    /// <param name="values">What its segments refer to.</param>
    /// <param name="timestamp">The last commit that the checkpoint holds.</param>
    /// <param name="generation">The last generation that may see what is dead.</param>
    public void Checkpoint(
        IReadOnlyList<SegmentLargeValue> values, long timestamp, long generation)
    {
        HashSet<long> live = [.. values.Select(static value => value.Reference.Number)];
        lock (_gate)
        {
            _bySegment = values.ToLookup(
                static value => value.SegmentId, static value => value.Reference);
            foreach (LargeValueEntry entry in _entries.Values)
            {
                entry.IsInFiles = live.Contains(entry.Reference.Number);
                if (entry.LogTimestamp <= timestamp)
                {
                    entry.LogTimestamp = 0;
                }

                bool isDead = !entry.IsInFiles && entry.LogTimestamp == 0 && entry.WasCommitted;
                entry.DeadGeneration = !isDead ? 0
                    : entry.DeadGeneration == 0 ? generation
                    : entry.DeadGeneration;
            }
        }
    }

    /// <summary>What a segment of the last checkpoint refers to.</summary>
    public IEnumerable<LargeReference> OfSegment(long segmentId)
    {
        lock (_gate)
        {
            return _bySegment[segmentId];
        }
    }

    /// <summary>Forgets dead values that nobody reaches and gives their files.</summary>
    /// <param name="generations">The generations that somebody needs.</param>
    public IReadOnlyList<string> Retire(IReadOnlyList<long> generations)
    {
        lock (_gate)
        {
            LargeValueEntry[] over = [.. _entries.Values.Where(entry => !entry.IsNeeded
                && entry.DeadGeneration > 0
                && !generations.Any(number => number >= entry.BornGeneration
                    && number <= entry.DeadGeneration))];
            foreach (LargeValueEntry entry in over)
            {
                _entries.Remove(entry.Reference.Number);
            }

            return [.. over.Select(entry => names.BlobPath(entry.Reference.Number))];
        }
    }

    /// <summary>Whether a reference names a value of this database.</summary>
    public bool Knows(in LargeReference reference)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(reference.Number, out LargeValueEntry? entry)
                && entry.Reference == reference;
        }
    }

    /// <summary>Removes the files of values that were not committed, when the database closes.
    /// </summary>
    public void RemoveUncommitted()
    {
        LargeValueEntry[] young;
        lock (_gate)
        {
            young = [.. _entries.Values.Where(static entry => !entry.WasCommitted)];
            foreach (LargeValueEntry entry in young)
            {
                _entries.Remove(entry.Reference.Number);
            }
        }

        foreach (LargeValueEntry entry in young)
        {
            TryDelete(names.BlobPath(entry.Reference.Number));
        }
    }

    /// <summary>Takes a new value over from its writer, which holds it.</summary>
    internal void Complete(in LargeReference reference)
    {
        lock (_gate)
        {
            _entries.Add(
                reference.Number, new LargeValueEntry { Reference = reference, HoldCount = 1 });
        }
    }

    /// <summary>Removes a value that its writer did not complete.</summary>
    internal void Abandon(long number) => TryDelete(names.BlobPath(number));

    /// <summary>Runs an operation on a file of a new value.</summary>
    internal void Guarded(Action operation)
    {
        try
        {
            operation();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new NeuroStoreException(
                ErrorCode.InputOutput,
                $"A large value could not be written to {names.BlobDirectory}: {cause.Message} "
                + "Nothing of it was stored.",
                innerException: cause);
        }
    }

    private LargeValueEntry AddRestored(in LargeReference reference)
    {
        if (!_entries.TryGetValue(reference.Number, out LargeValueEntry? entry))
        {
            entry = new LargeValueEntry { Reference = reference, WasCommitted = true };
            _entries.Add(reference.Number, entry);
        }

        if (entry.Reference != reference)
        {
            throw new CorruptionException(
                names.BlobPath(reference.Number), 0, "two rows name it differently");
        }

        return entry;
    }

    private void TryDelete(string path)
    {
        try
        {
            files.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Nothing refers to it: the next opening removes it.
            Invariant.Check(path.Length > 0);
        }
    }
}
