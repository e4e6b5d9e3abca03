namespace NeuroDb.Query;

/// <summary>
/// The rows that contracts of precision left out, of the last queries of all sessions. In memory:
/// they are there until the database is closed. Any thread may add.
/// </summary>
internal sealed class AbstainedLog
{
    private const int RowsMax = 100_000;

    private readonly Lock _gate = new();
    private readonly Queue<AbstainedRow> _rows = [];
    private long _queries;

    /// <summary>The rows, the oldest first.</summary>
    public IReadOnlyList<AbstainedRow> Rows
    {
        get
        {
            lock (_gate)
            {
                return [.. _rows];
            }
        }
    }

    /// <summary>The number of a query that left its first row out.</summary>
    public long NewQuery() => Interlocked.Increment(ref _queries);

    /// <summary>Keeps rows; the oldest ones go where there are too many.</summary>
    public void Add(IEnumerable<AbstainedRow> rows)
    {
        lock (_gate)
        {
            foreach (AbstainedRow row in rows)
            {
                _rows.Enqueue(row);
                if (_rows.Count > RowsMax)
                {
                    _rows.Dequeue();
                }
            }
        }
    }
}
