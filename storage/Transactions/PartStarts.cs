namespace NeuroDb.Storage;

/// <summary>
/// Where the first parts of running large transactions stand in the log. Such a transaction is
/// replayed from all its parts, so until its commit has a timestamp the log may not begin behind
/// its first part. Guarded by the gate of the <see cref="GroupWriter"/>.
/// </summary>
internal sealed class PartStarts(RecordLog? log)
{
    private readonly Dictionary<long, LogPosition> _starts = [];

    /// <summary>The large transactions that are running.</summary>
    public int Count => _starts.Count;

    /// <summary>
    /// Where the log may begin when everything committed up to now is kept elsewhere: commits that
    /// follow stand behind this position, with all their parts.
    /// </summary>
    public LogPosition FirstNeeded
    {
        get
        {
            Invariant.Check(log is not null, "a database in memory has no log");
            LogPosition first = log.CommittedEnd;
            foreach (LogPosition start in _starts.Values)
            {
                first = start.Address < first.Address ? start : first;
            }

            return first;
        }
    }

    /// <summary>Notes a transaction whose first part is about to be written.</summary>
    public void Begin(long transaction)
    {
        Invariant.Check(log is not null, "only a log is written in parts");
        _starts.Add(transaction, log.CommittedEnd);
    }

    /// <summary>Forgets a transaction that was committed or given up.</summary>
    public void End(long transaction) =>
        Invariant.Check(_starts.Remove(transaction), "the transaction had begun");
}
