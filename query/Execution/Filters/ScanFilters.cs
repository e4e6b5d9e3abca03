namespace NeuroDb.Query;

/// <summary>
/// The key filters of one scan in one execution, from the joins above it. Joins set theirs before
/// the scan begins; a join that runs again replaces what it had set.
/// </summary>
internal sealed class ScanFilters
{
    private readonly Dictionary<(object Join, int Key), (int Column, KeyFilter Filter)> _filters =
        [];

    /// <summary>Sets or takes away the filter of a key of a join.</summary>
    public void Set(object join, int key, int column, KeyFilter? filter)
    {
        lock (_filters)
        {
            if (filter is null)
            {
                _filters.Remove((join, key));
            }
            else
            {
                _filters[(join, key)] = (column, filter);
            }
        }
    }

    /// <summary>The filters of this moment; null if there is none.</summary>
    public ScanFilterRun? Begin()
    {
        lock (_filters)
        {
            return _filters.Count == 0 ? null : new ScanFilterRun([.. _filters.Values]);
        }
    }
}
