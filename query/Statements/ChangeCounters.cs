namespace NeuroDb.Query;

/// <summary>
/// What the statements of one session changed: the answers of last_insert_rowid, changes and
/// total_changes. Owned by the session; used by one thread at a time.
/// </summary>
internal sealed class ChangeCounters
{
    private Dictionary<string, long>? _sequences;
    private string? _lastSequence;

    /// <summary>The key that the last inserted row has in its identity column, or 0.</summary>
    public long LastRowId { get; set; }

    /// <summary>The rows that the last INSERT, UPDATE or DELETE changed.</summary>
    public long LastCount { get; private set; }

    /// <summary>The rows that all of them changed.</summary>
    public long TotalCount { get; private set; }

    /// <summary>Remembers the last number of a sequence, for currval and lastval.</summary>
    public void SetSequence(string name, long value)
    {
        (_sequences ??= new(StringComparer.OrdinalIgnoreCase))[name] = value;
        _lastSequence = name;
    }

    /// <summary>The last number that the session took of a sequence, or of any.</summary>
    public long SequenceOf(string? name)
    {
        string? key = name is null ? _lastSequence : name[(name.LastIndexOf('.') + 1)..].Trim('"');
        return key is not null && _sequences?.TryGetValue(key, out long value) == true
            ? value
            : throw new NeuroStoreException(
                ErrorCode.UnknownObject,
                $"The session has taken no number of {name ?? "a sequence"} yet; call nextval.");
    }

    /// <summary>Counts one statement.</summary>
    public void Count(long rows)
    {
        Invariant.Check(rows >= 0);
        LastCount = rows;
        TotalCount += rows;
    }
}
