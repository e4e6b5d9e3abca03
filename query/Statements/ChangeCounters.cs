namespace NeuroDb.Query;

/// <summary>
/// What the statements of one session changed: the answers of last_insert_rowid, changes and
/// total_changes. Owned by the session; used by one thread at a time.
/// </summary>
internal sealed class ChangeCounters
{
    /// <summary>The key that the last inserted row has in its identity column, or 0.</summary>
    public long LastRowId { get; set; }

    /// <summary>The rows that the last INSERT, UPDATE or DELETE changed.</summary>
    public long LastCount { get; private set; }

    /// <summary>The rows that all of them changed.</summary>
    public long TotalCount { get; private set; }

    /// <summary>Counts one statement.</summary>
    public void Count(long rows)
    {
        Invariant.Check(rows >= 0);
        LastCount = rows;
        TotalCount += rows;
    }
}
