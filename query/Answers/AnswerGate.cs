namespace NeuroDb.Query;

/// <summary>
/// Lets work in the background change rows only while no statement of a user does: the first to
/// commit wins, and it must not be the work. The work waits for a moment in which nobody is inside
/// and closes the gate for one small commit; whoever comes meanwhile waits for that. Where no such
/// moment comes for a second, it closes the gate while somebody is inside, for a hundredth of that.
/// It waits for transactions that have written as long as they take, and for others some time. A
/// database without such work never comes here.
/// </summary>
internal sealed class AnswerGate(TimeProvider clock)
{
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(1);
    private const int WaitOpenMs = 50;
    private const int WaitClosedMs = 10;

    private readonly object _gate = new();
    private readonly HashSet<AnswerTicket> _inside = [];
    private bool _isArmed;
    private bool _isClosed;
    private long? _waitingSince;
    private long? _blockedSince;

    /// <summary>Whether anybody has to come through here.</summary>
    public bool IsArmed => Volatile.Read(ref _isArmed);

    /// <summary>
    /// Begins to count who is inside. Called by the statement that makes the first work, before its
    /// commit: whoever began earlier conflicts with that statement itself.
    /// </summary>
    public void Arm() => Volatile.Write(ref _isArmed, true);

    /// <summary>Comes in, before the snapshot is taken; null if nobody counts.</summary>
    public AnswerTicket? Enter(bool isTransaction, bool isLoad = false)
    {
        if (!IsArmed)
        {
            return null;
        }

        var ticket = new AnswerTicket(isTransaction, isLoad);
        lock (_gate)
        {
            WaitUntilOpen();
            _inside.Add(ticket);
        }

        return ticket;
    }

    /// <summary>A transaction begins to write.</summary>
    public void BeginWrite(AnswerTicket? ticket)
    {
        if (ticket is null || ticket.HasWritten)
        {
            return;
        }

        lock (_gate)
        {
            WaitUntilOpen();
            ticket.HasWritten = true;
        }
    }

    /// <summary>Goes, after the commit.</summary>
    public void Leave(AnswerTicket ticket)
    {
        lock (_gate)
        {
            _inside.Remove(ticket);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Closes the gate if all who matter leave soon; otherwise it stays open.</summary>
    /// <param name="withLoads">Whether those matter who only add rows.</param>
    public bool TryClose(bool withLoads)
    {
        lock (_gate)
        {
            Invariant.Check(!_isClosed);
            if (_blockedSince is { } blocked && clock.GetElapsedTime(blocked) >= QuietMax)
            {
                _isClosed = true;
                _blockedSince = null;
            }

            int timeoutMs = _isClosed ? WaitClosedMs : WaitOpenMs;
            long start = Environment.TickCount64;
            while (IsInWay(withLoads))
            {
                long left = timeoutMs - (Environment.TickCount64 - start);
                if (left <= 0 || !Monitor.Wait(_gate, (int)left))
                {
                    long now = clock.GetTimestamp();
                    _waitingSince ??= now;
                    _blockedSince ??= now;
                    Reopen();
                    return false;
                }
            }

            _isClosed = true;
            _blockedSince = null;
            if (!_inside.Any(static ticket => !ticket.HasWritten))
            {
                _waitingSince = null;
            }

            return true;
        }
    }

    /// <summary>Opens the gate again.</summary>
    public void Open()
    {
        lock (_gate)
        {
            Invariant.Check(_isClosed);
            Reopen();
        }
    }

    private bool IsInWay(bool withLoads)
    {
        bool isPatient = _waitingSince is not { } since
            || clock.GetElapsedTime(since) < PatienceMax;
        foreach (AnswerTicket ticket in _inside)
        {
            if ((ticket.HasWritten || isPatient) && (withLoads || !ticket.IsLoad))
            {
                return true;
            }
        }

        return false;
    }

    private void Reopen()
    {
        _isClosed = false;
        Monitor.PulseAll(_gate);
    }

    private void WaitUntilOpen()
    {
        while (_isClosed)
        {
            Monitor.Wait(_gate);
        }
    }
}
