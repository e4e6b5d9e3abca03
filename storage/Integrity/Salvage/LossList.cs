namespace NeuroDb.Storage;

/// <summary>Collects what a salvage could not read, in the order it was met.</summary>
internal sealed class LossList
{
    private readonly List<SalvageLoss> _losses = [];

    /// <summary>What was collected.</summary>
    public IReadOnlyList<SalvageLoss> Losses => _losses;

    /// <summary>Notes a loss of rows that nobody can count.</summary>
    public void Add(string table, string path, long offset, string what) =>
        _losses.Add(new SalvageLoss(table, path, offset, -1, -1, what));

    /// <summary>Notes that rows are lost.</summary>
    public void AddRows(
        string table, CorruptionException damage, long firstRow, long lastRow, string what) =>
        _losses.Add(new SalvageLoss(
            table, damage.FilePath, damage.Offset, firstRow, lastRow, what));

    /// <summary>Runs a step; if it fails, rows are lost.</summary>
    public bool Try(string table, string path, long firstRow, long lastRow, Action step)
    {
        try
        {
            step();
            return true;
        }
        catch (CorruptionException damage)
        {
            AddRows(table, damage, firstRow, lastRow, $"{damage.Detail}; these rows are lost");
        }
        catch (Exception failure) when (IsUnreadable(failure))
        {
            _losses.Add(new SalvageLoss(
                table, path, -1, firstRow, lastRow, $"{failure.Message}; these rows are lost"));
        }

        return false;
    }

    /// <summary>Runs a step; damage is noted.</summary>
    /// <returns>Whether there was none.</returns>
    public bool Try(string table, string what, Action step)
    {
        try
        {
            step();
            return true;
        }
        catch (CorruptionException damage)
        {
            Add(table, damage.FilePath, damage.Offset, $"{damage.Detail}; {what}");
        }
        catch (Exception failure) when (IsUnreadable(failure))
        {
            Add(table, string.Empty, -1, $"{failure.Message}; {what}");
        }

        return false;
    }

    private static bool IsUnreadable(Exception failure) => failure
        is IOException
        or UnauthorizedAccessException
        or NeuroStoreException { Code: ErrorCode.InputOutput };
}
