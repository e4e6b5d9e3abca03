namespace NeuroDb.Tests.Simulation;

/// <summary>
/// Finds what no isolated database could have done in a history of appends and reads, as in
/// Kingsbury and Alvaro, "Elle: Inferring Isolation Anomalies from Experimental Observations",
/// section 3: the lists that were read give the order of the appends, which gives who depends on
/// whom, and cycles of that are the anomalies. The last transaction must have read all registers.
/// </summary>
/// <remarks>
/// A transaction that began after another had returned from its commit depends on it as well: a
/// snapshot is of the moment at which its transaction begins.
/// </remarks>
internal sealed class AnomalyChecker
{
    private readonly IReadOnlyList<HistoryTransaction> _history;
    private readonly Dictionary<long, (int Transaction, long Key, bool IsLast)> _appends = [];
    private readonly Dictionary<long, long[]> _orders = [];
    private readonly DependencyGraph _writes;
    private readonly DependencyGraph _reads;
    private readonly DependencyGraph _overwrites;
    private readonly DependencyGraph _times;
    private readonly List<Anomaly> _anomalies = [];

    private AnomalyChecker(IReadOnlyList<HistoryTransaction> history)
    {
        _history = history;
        _writes = new DependencyGraph(history.Count);
        _reads = new DependencyGraph(history.Count);
        _overwrites = new DependencyGraph(history.Count);
        _times = new DependencyGraph(history.Count);
    }

    /// <summary>Finds all kinds of anomalies, of each cycle one.</summary>
    public static IReadOnlyList<Anomaly> Check(IReadOnlyList<HistoryTransaction> history)
    {
        var checker = new AnomalyChecker(history);
        checker.CollectAppends();
        checker.CollectOrders();
        foreach (HistoryTransaction transaction in history)
        {
            checker.CheckTransaction(transaction);
        }

        checker.CheckEnd();
        if (checker._anomalies.All(
            static one => one.Kind != AnomalyKind.IncompatibleOrder))
        {
            checker.CollectDependencies();
            checker.CheckCycles();
        }

        return checker._anomalies;
    }

    private void CollectAppends()
    {
        for (int i = 0; i < _history.Count; i++)
        {
            Invariant.Check(_history[i].Number == i);
            var last = new Dictionary<long, long>();
            foreach (HistoryOperation operation in _history[i].Operations.Where(
                static one => one.Read is null))
            {
                last[operation.Key] = operation.Value;
            }

            foreach (HistoryOperation operation in _history[i].Operations.Where(
                static one => one.Read is null))
            {
                _appends.Add(
                    operation.Value,
                    (i, operation.Key, last[operation.Key] == operation.Value));
            }
        }
    }

    // What a transaction reads behind an append of its own says nothing of others, if it aborted.
    private IEnumerable<HistoryOperation> ReadsOf(HistoryTransaction transaction)
    {
        var own = new HashSet<long>();
        foreach (HistoryOperation operation in transaction.Operations)
        {
            if (operation.Read is null)
            {
                own.Add(operation.Key);
            }
            else if (!own.Contains(operation.Key))
            {
                yield return operation;
            }
        }
    }

    private void CollectOrders()
    {
        foreach (HistoryOperation read in _history.SelectMany(ReadsOf))
        {
            long[] known = _orders.GetValueOrDefault(read.Key, []);
            (long[] shorter, long[] longer) = known.Length < read.Read!.Length
                ? (known, read.Read)
                : (read.Read, known);
            if (!longer.AsSpan().StartsWith(shorter))
            {
                Add(
                    AnomalyKind.IncompatibleOrder,
                    $"{read.Key} was read as [{string.Join(' ', shorter)}] and as "
                    + $"[{string.Join(' ', longer)}]");
            }

            _orders[read.Key] = longer;
        }
    }

    private void CheckTransaction(HistoryTransaction transaction)
    {
        foreach (HistoryOperation read in ReadsOf(transaction))
        {
            foreach (long value in read.Read!)
            {
                if (!_appends.TryGetValue(value, out (int Transaction, long Key, bool) append)
                    || append.Key != read.Key)
                {
                    Add(AnomalyKind.G1a, $"{value} was never appended: {transaction}");
                }
                else if (_history[append.Transaction].Outcome == HistoryOutcome.Aborted)
                {
                    Add(AnomalyKind.G1a, $"{_history[append.Transaction]} / {transaction}");
                }
            }

            if (read.Read is [.., var last]
                && _appends.TryGetValue(last, out (int Transaction, long Key, bool IsLast) end)
                && !end.IsLast && end.Transaction != transaction.Number)
            {
                Add(AnomalyKind.G1b, $"{_history[end.Transaction]} / {transaction}");
            }
        }

        CheckInternal(transaction);
    }

    /// <summary>A transaction sees one snapshot and its own appends behind it.</summary>
    private void CheckInternal(HistoryTransaction transaction)
    {
        var seen = new Dictionary<long, List<long>>();
        var own = new Dictionary<long, List<long>>();
        foreach (HistoryOperation operation in transaction.Operations)
        {
            List<long> mine = own.TryGetValue(operation.Key, out List<long>? some) ? some : [];
            if (operation.Read is null)
            {
                own[operation.Key] = [.. mine, operation.Value];
                if (seen.TryGetValue(operation.Key, out List<long>? list))
                {
                    list.Add(operation.Value);
                }

                continue;
            }

            bool isRight = seen.TryGetValue(operation.Key, out List<long>? expected)
                ? expected.SequenceEqual(operation.Read)
                : operation.Read.TakeLast(mine.Count).SequenceEqual(mine);
            if (!isRight)
            {
                Add(AnomalyKind.Internal, $"{operation} in {transaction}");
            }

            seen[operation.Key] = [.. operation.Read];
        }
    }

    private void CheckEnd()
    {
        foreach ((long value, (int number, long key, bool _)) in _appends)
        {
            int count = _orders.GetValueOrDefault(key, []).Count(one => one == value);
            bool isLost = count == 0 && _history[number].Outcome == HistoryOutcome.Committed;
            if (isLost || count > 1)
            {
                Add(AnomalyKind.LostAppend, $"{value} is there {count} times: {_history[number]}");
            }
        }
    }

    private void CollectDependencies()
    {
        foreach (long[] order in _orders.Values)
        {
            for (int i = 1; i < order.Length; i++)
            {
                _writes.Add(WriterOf(order[i - 1]), WriterOf(order[i]));
            }
        }

        foreach (HistoryTransaction transaction in _history.Where(
            static one => one.Outcome == HistoryOutcome.Committed))
        {
            foreach (HistoryOperation read in ReadsOf(transaction))
            {
                long[] order = _orders[read.Key];
                if (read.Read is [.., var last])
                {
                    _reads.Add(WriterOf(last), transaction.Number);
                }

                if (read.Read!.Length < order.Length)
                {
                    _overwrites.Add(transaction.Number, WriterOf(order[read.Read.Length]));
                }
            }

            foreach (HistoryTransaction later in _history.Where(
                one => one.Outcome == HistoryOutcome.Committed
                    && transaction.EndTime < one.BeginTime))
            {
                _times.Add(transaction.Number, later.Number);
            }
        }
    }

    private void CheckCycles()
    {
        Look(AnomalyKind.G0, _writes);
        var all = new DependencyGraph(_history.Count);
        all.Add(_writes);
        all.Add(_reads);
        Look(AnomalyKind.G1c, all);
        all.Add(_times);
        int known = _anomalies.Count;
        for (int from = 0; from < _history.Count && _anomalies.Count == known; from++)
        {
            foreach (int to in _overwrites.After(from))
            {
                if (all.Path(to, from) is { } path)
                {
                    Add(AnomalyKind.GSingle, path);
                    break;
                }
            }
        }

        // Every overwrite stands behind another dependency here, so that no two meet.
        var spread = new DependencyGraph(_history.Count);
        spread.Add(all);
        for (int from = 0; from < _history.Count; from++)
        {
            foreach (int to in all.After(from))
            {
                foreach (int end in _overwrites.After(to))
                {
                    spread.Add(from, end);
                }
            }
        }

        if (_anomalies.Count == known)
        {
            Look(AnomalyKind.GNonadjacent, spread);
        }

        all.Add(_overwrites);
        if (_anomalies.Count == known)
        {
            Look(AnomalyKind.G2, all);
        }
    }

    private void Look(AnomalyKind kind, DependencyGraph graph)
    {
        if (graph.Cycle() is { } cycle)
        {
            Add(kind, cycle);
        }
    }

    private int WriterOf(long value) => _appends[value].Transaction;

    private void Add(AnomalyKind kind, List<int> path) =>
        Add(kind, string.Join("\n    ", path.Select(number => _history[number].ToString())));

    private void Add(AnomalyKind kind, string what) => _anomalies.Add(new Anomaly(kind, what));
}
