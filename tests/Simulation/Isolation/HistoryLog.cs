namespace NeuroDb.Tests.Simulation;

/// <summary>The history that several clients write. Safe for several threads.</summary>
internal sealed class HistoryLog
{
    private readonly Lock _gate = new();
    private readonly List<HistoryTransaction> _transactions = [];
    private long _time;
    private long _lastValue;

    /// <summary>All transactions; read it when the clients have ended.</summary>
    public IReadOnlyList<HistoryTransaction> Transactions => _transactions;

    /// <summary>A value that was never appended.</summary>
    public long NextValue() => Interlocked.Increment(ref _lastValue);

    /// <summary>Notes that a transaction is about to begin.</summary>
    public HistoryTransaction Begin()
    {
        lock (_gate)
        {
            var transaction = new HistoryTransaction(_transactions.Count) { BeginTime = ++_time };
            _transactions.Add(transaction);
            return transaction;
        }
    }

    /// <summary>Notes that it has ended.</summary>
    public void End(HistoryTransaction transaction, HistoryOutcome outcome)
    {
        lock (_gate)
        {
            transaction.Outcome = outcome;
            transaction.EndTime = ++_time;
        }
    }
}
