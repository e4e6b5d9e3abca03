namespace NeuroDb.Storage;

/// <summary>
/// Writes the records of commits to the log in groups and publishes what has become durable.
/// Invariants: (1) a state is published only when all its commits are durable, unless a commit
/// asked not to wait; (2) one thread at a time writes the log, the leader, and it takes everything
/// that has gathered; (3) whoever needs a write and finds no leader becomes it, so that a single
/// writer pays no change of thread, and after its own write it hands the lead on; (4) after any
/// failure nothing is written and nothing committed any more.
/// </summary>
/// <remarks>
/// Lock order: the gate, then a waiter. The gate is held while a transaction is validated, applied
/// and encoded, never while the log is written. A commit that does not wait publishes also the
/// commits before it, which may still wait: others may see them before they are durable, but what
/// is built on them is later in the log, and lost with them or not at all.
/// </remarks>
internal sealed class GroupWriter : IDisposable
{
    /// <summary>A time that never comes.</summary>
    public const int NotArmed = int.MaxValue;

    private readonly SystemSeams _seams;
    private readonly StorageOptions _options;
    private readonly RecordLog? _log;
    private readonly ITimer _timer;
    private readonly Action _leadAll;
    private CommitGroup _open;
    private CommitGroup? _spare;
    private NeuroStoreException? _stopCause;
    private int _armedMs = NotArmed;
    private bool _isLed;
    private bool _isClosing;
    private long _writeCount;
    private long _logBytes;

    /// <summary>Starts at a state.</summary>
    /// <param name="seams">Clock and threads.</param>
    /// <param name="options">The options of the database.</param>
    /// <param name="log">The log, or null for a database in memory.</param>
    /// <param name="state">The state after replay.</param>
    public GroupWriter(
        SystemSeams seams, StorageOptions options, RecordLog? log, EngineState state)
    {
        _seams = seams;
        _options = options;
        _log = log;
        _open = new CommitGroup(options.UnwrittenSizeBytesMax);
        States = new EngineStates(state);
        _leadAll = LeadAll;
        _timer = seams.Clock.CreateTimer(
            static writer => ((GroupWriter)writer!).OnTimer(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Guards everything that commits change; see the remarks for the order.</summary>
    public object Gate { get; } = new();

    /// <summary>What is applied and what is visible; changed under the gate.</summary>
    public EngineStates States { get; }

    /// <summary>The records that the next write takes; under the gate.</summary>
    public LogGroup Records => _open.Records;

    /// <summary>Whether there is a log.</summary>
    public bool HasLog => _log is not null;

    /// <summary>Writes of the log since opening.</summary>
    public long WriteCount => Volatile.Read(ref _writeCount);

    /// <summary>Bytes given to the log since opening.</summary>
    public long LogBytes => Volatile.Read(ref _logBytes);

    /// <summary>Writes what is left and ends; later commits fail.</summary>
    public void Dispose()
    {
        CommitWaiter? waiter = null;
        bool leads = false;
        lock (Gate)
        {
            if (_isClosing)
            {
                return;
            }

            _isClosing = true;
            if (_stopCause is null && !_open.IsEmpty)
            {
                waiter = new CommitWaiter(isAsync: false);
                leads = Join(waiter);
            }
        }

        try
        {
            _timer.Dispose();
            if (waiter is not null)
            {
                Await(waiter, leads);
            }
        }
        finally
        {
            WaitForLeader();
        }
    }

    /// <summary>
    /// Adds a waiter that wants the write now; true if it must lead it itself. Under the gate.
    /// </summary>
    public bool Join(CommitWaiter waiter)
    {
        _open.Waiters.Add(waiter);
        _open.IsUrgent = true;
        if (!_isLed && waiter.CanLead)
        {
            _isLed = true;
            return true;
        }

        LeadByWorker();
        return false;
    }

    /// <summary>Adds a waiter that shares the next write; under the gate.</summary>
    public void Share(CommitWaiter waiter) => _open.Waiters.Add(waiter);

    /// <summary>Blocks until the waiter's write is over, leading it if asked to.</summary>
    public void Await(CommitWaiter waiter, bool leads)
    {
        if (leads || waiter.WaitForLead())
        {
            // The leader's own commit is in the group that it writes.
            WriteOpen();
            HandOn();
            waiter.ThrowIfFailed();
        }
    }

    // The lead of tasks, of timers and of full buffers: a worker that goes on while it is needed.
    private void LeadAll()
    {
        bool goesOn = true;
        while (goesOn)
        {
            WriteOpen();
            lock (Gate)
            {
                goesOn = _open.IsUrgent && _stopCause is null;
                if (!goesOn)
                {
                    Release();
                }
            }
        }
    }

    private void HandOn()
    {
        lock (Gate)
        {
            if (!_open.IsUrgent || _stopCause is not null)
            {
                Release();
                return;
            }

            CommitWaiter? next = _open.Waiters.Find(static waiter => waiter.CanLead);
            if (next is not null)
            {
                next.Lead();
            }
            else
            {
                _seams.Workers.RunWaiting(_leadAll);
            }
        }
    }

    private void Release()
    {
        _isLed = false;
        Monitor.PulseAll(Gate);
    }

    // Nobody may still write when the log is closed, however this commit went.
    private void WaitForLeader()
    {
        lock (Gate)
        {
            while (_isLed)
            {
                Monitor.Wait(Gate);
            }
        }
    }

    private void WriteOpen()
    {
        CommitGroup group;
        EngineState state;
        lock (Gate)
        {
            Invariant.Check(_isLed);
            group = _open;
            state = States.Applied;
            if (_stopCause is not null || group.IsEmpty)
            {
                FailWaiters();
                return;
            }

            _open = _spare ?? new CommitGroup(_options.UnwrittenSizeBytesMax);
            _spare = null;
        }

        NeuroStoreException? failure = group.WriteTo(WriteRecords);
        lock (Gate)
        {
            if (failure is null)
            {
                States.Publish(state);
            }
            else
            {
                Stop(failure);
            }

            Monitor.PulseAll(Gate);
        }

        foreach (CommitWaiter waiter in group.Waiters)
        {
            waiter.Complete(failure);
        }

        group.Clear();
        lock (Gate)
        {
            _spare = group;
        }
    }

    private void WriteRecords(LogGroup records)
    {
        _log!.Write(records);
        Volatile.Write(ref _writeCount, _writeCount + 1);
        Volatile.Write(ref _logBytes, _logBytes + records.SizeBytes);
    }

    /// <summary>Writes a part of a large transaction; durable on return.</summary>
    public void WritePart(LogGroup part)
    {
        var waiter = new CommitWaiter(isAsync: false);
        bool leads;
        lock (Gate)
        {
            while (_open.Part is not null && _stopCause is null)
            {
                Monitor.Wait(Gate);
            }

            CheckRunning();
            _open.Part = part;
            leads = Join(waiter);
        }

        Await(waiter, leads);
    }

    /// <summary>
    /// Does something while nobody writes the log; commits gather meanwhile.
    /// </summary>
    /// <param name="isWanted">Asked under the gate, and again after each wait.</param>
    /// <param name="action">What to do; it runs outside the gate.</param>
    public void BetweenWrites(Func<bool> isWanted, Action action)
    {
        lock (Gate)
        {
            while (isWanted() && _isLed)
            {
                Monitor.Wait(Gate);
            }

            if (!isWanted() || _stopCause is not null)
            {
                return;
            }

            _isLed = true;
        }

        try
        {
            action();
        }
        finally
        {
            HandOn();
        }
    }

    /// <summary>Waits, under the gate, while commits that do not wait outrun the disk.</summary>
    public void WaitForRoom()
    {
        CheckRunning();
        while (_isLed && _open.Records.SizeBytes >= _options.UnwrittenSizeBytesMax)
        {
            Monitor.Wait(Gate);
            CheckRunning();
        }
    }

    /// <summary>Has a worker write the open group if it is large; under the gate.</summary>
    public void WriteSoonIfFull()
    {
        if (_open.Records.SizeBytes >= _options.GroupSizeBytesMax)
        {
            WriteSoon();
        }
    }

    /// <summary>Has a worker write the open group; under the gate.</summary>
    public void WriteSoon()
    {
        if (!_open.IsEmpty)
        {
            _open.IsUrgent = true;
            LeadByWorker();
        }
    }

    private void LeadByWorker()
    {
        if (!_isLed)
        {
            _isLed = true;
            _seams.Workers.RunWaiting(_leadAll);
        }
    }

    /// <summary>Has the open group written after a time at the latest; under the gate.</summary>
    public void Arm(int milliseconds)
    {
        if (milliseconds < _armedMs)
        {
            _armedMs = milliseconds;
            _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        lock (Gate)
        {
            _armedMs = NotArmed;
            if (_stopCause is null && !_isClosing)
            {
                WriteSoon();
            }
        }
    }

    /// <summary>Raises an error if commits have ended.</summary>
    public void CheckRunning()
    {
        if (Volatile.Read(ref _stopCause) is { } cause)
        {
            throw new NeuroStoreException(
                ErrorCode.DatabaseStopped,
                $"The database is stopped after an earlier failure: {cause.Message} Close it and "
                + "open it again.",
                innerException: cause);
        }

        if (_isClosing)
        {
            throw new NeuroStoreException(ErrorCode.Closed, "The database is closed.");
        }
    }

    /// <summary>Ends all committing; under the gate.</summary>
    public void Stop(NeuroStoreException? cause)
    {
        _stopCause ??= cause ?? Invariant.Broken("a commit was interrupted while it was applied");
        FailWaiters();
        Monitor.PulseAll(Gate);
    }

    private void FailWaiters()
    {
        foreach (CommitWaiter waiter in _open.Waiters)
        {
            waiter.Complete(_stopCause);
        }

        _open.Waiters.Clear();
    }
}
