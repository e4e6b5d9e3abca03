namespace NeuroDb.Storage;

/// <summary>
/// The findings of one verification. A badly damaged database has more of them than anybody reads,
/// so only the first are kept; the last one says how many more there were.
/// </summary>
internal sealed class FindingList
{
    /// <summary>The findings that are kept.</summary>
    public const int CountMax = 1000;

    private readonly List<IntegrityFinding> _findings = [];

    /// <summary>How many there were, those not kept included.</summary>
    public long Count { get; private set; }

    /// <summary>Takes a finding.</summary>
    public void Add(string path, long offset, string table, string what)
    {
        Count++;
        if (Count <= CountMax)
        {
            _findings.Add(new IntegrityFinding(path, offset, table, what));
        }
    }

    /// <summary>Takes damage that was raised as an error.</summary>
    public void Add(CorruptionException damage, string table) =>
        Add(damage.FilePath, damage.Offset, table, damage.Detail);

    /// <summary>
    /// Runs a check; damage becomes a finding.
    /// </summary>
    /// <returns>Whether there was none.</returns>
    public bool Try(string table, Action check)
    {
        try
        {
            check();
            return true;
        }
        catch (CorruptionException damage)
        {
            Add(damage, table);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException
            or NeuroStoreException { Code: ErrorCode.InputOutput })
        {
            Add(string.Empty, -1, table, $"it cannot be read: {failure.Message}");
        }

        return false;
    }

    /// <summary>The findings.</summary>
    public IReadOnlyList<IntegrityFinding> ToList()
    {
        long more = Count - _findings.Count;
        return more == 0
            ? [.. _findings]
            : [.. _findings, new IntegrityFinding(
                string.Empty, -1, string.Empty, $"{more} more findings are not listed")];
    }
}
