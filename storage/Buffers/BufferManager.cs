namespace NeuroDb.Storage;

/// <summary>
/// Keeps what was read from segment files in memory, within a budget of bytes that the rows in
/// memory share. Entries live in the slots of their owners, see <see cref="BufferSlots{T}"/>; the
/// manager decides by a clock (second chance) which of them are let go. The lock is taken for
/// loads and evictions only, never for hits. Safe for many threads.
/// </summary>
/// <remarks>
/// What is let go belongs to the garbage collector and to those who still read it. An entry is new
/// on the clock without a reference, so a scan that touches everything once does not drive out
/// what is used again and again.
/// </remarks>
internal sealed class BufferManager
{
    // However large the rows in memory are, reading must not degrade to a file access a row.
    private const int ShareMin = 16;
    private readonly Lock _gate = new();
    private readonly Queue<BufferEntry> _clock = [];
    private long _cachedBytes;
    private long _deltaBytes;
    private long _loadCount;
    private long _evictionCount;

    /// <summary>Makes a manager.</summary>
    /// <param name="budgetBytes">The bytes that may be held, deltas included.</param>
    public BufferManager(long budgetBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budgetBytes);
        BudgetBytes = budgetBytes;
    }

    /// <summary>The bytes that may be held, deltas included.</summary>
    public long BudgetBytes { get; }

    /// <summary>The counters of now.</summary>
    public BufferStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return new BufferStatistics(
                    BudgetBytes, _cachedBytes, _deltaBytes, _clock.Count, _loadCount,
                    _evictionCount);
            }
        }
    }

    // What the entries may take: the rest of the budget, or a sixteenth if that is more.
    private long ShareBytes => Math.Max(BudgetBytes - _deltaBytes, BudgetBytes / ShareMin);

    /// <summary>Tells that the rows in memory grew or, if negative, shrank by some bytes.</summary>
    public void ReportDelta(long bytes)
    {
        lock (_gate)
        {
            _deltaBytes += bytes;
            Invariant.Check(_deltaBytes >= 0);
            MakeRoom(0);
        }
    }

    /// <summary>
    /// Makes an entry visible in its owner's slot if there is room for it; an entry larger than
    /// all the room is used by who asked for it and not kept.
    /// </summary>
    public void Keep<T>(BufferSlots<T> owner, int slot, T value, long sizeBytes)
        where T : class
    {
        Invariant.Check(sizeBytes >= 0);
        lock (_gate)
        {
            _loadCount++;
            if (owner.IsForgotten || sizeBytes > ShareBytes)
            {
                BufferSlots.Release(value);
                return;
            }

            MakeRoom(sizeBytes);
            _cachedBytes += sizeBytes;
            _clock.Enqueue(new BufferEntry(owner, slot, sizeBytes));
            owner.Publish(slot, value);
        }
    }

    /// <summary>Lets all entries of an owner go, for ever.</summary>
    public void Forget(BufferSlots owner)
    {
        lock (_gate)
        {
            owner.IsForgotten = true;
            for (int i = _clock.Count; i > 0; i--)
            {
                BufferEntry entry = _clock.Dequeue();
                if (ReferenceEquals(entry.Owner, owner))
                {
                    Drop(entry);
                }
                else
                {
                    _clock.Enqueue(entry);
                }
            }
        }
    }

    // Second chance: who was used since its last turn goes to the back. Hits go on meanwhile, so
    // after two rounds the chances are over.
    private void MakeRoom(long sizeBytes)
    {
        long share = ShareBytes;
        int chances = 2 * _clock.Count;
        while (_cachedBytes + sizeBytes > share && _clock.TryDequeue(out BufferEntry entry))
        {
            if (chances-- > 0 && entry.Owner.TakeReference(entry.Slot))
            {
                _clock.Enqueue(entry);
            }
            else
            {
                Drop(entry);
                _evictionCount++;
            }
        }

        Invariant.Check(_clock.Count > 0 || _cachedBytes == 0);
    }

    private void Drop(BufferEntry entry)
    {
        entry.Owner.Drop(entry.Slot);
        _cachedBytes -= entry.SizeBytes;
    }
}
