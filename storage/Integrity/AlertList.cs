namespace NeuroDb.Storage;

/// <summary>
/// What work in the background found or could not do, until the database is closed: damage that a
/// scrub saw, checkpoints that failed. Every session is told of each entry once. Safe for many
/// threads.
/// </summary>
internal sealed class AlertList
{
    private readonly object _gate = new();
    private readonly List<IntegrityFinding> _alerts = [];
    private int _count;

    /// <summary>Told of each new alert, on the thread that found it.</summary>
    public event Action<IntegrityFinding>? Added;

    /// <summary>How many there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes an alert, unless it is known.</summary>
    public void Add(IntegrityFinding alert)
    {
        lock (_gate)
        {
            if (_alerts.Contains(alert) || _alerts.Count == FindingList.CountMax)
            {
                return;
            }

            _alerts.Add(alert);
            Volatile.Write(ref _count, _alerts.Count);
        }

        Added?.Invoke(alert);
    }

    /// <summary>The alerts from one on, in the order they came.</summary>
    public IReadOnlyList<IntegrityFinding> From(int first)
    {
        lock (_gate)
        {
            return _alerts.GetRange(first, _alerts.Count - first);
        }
    }
}
