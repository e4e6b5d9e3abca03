namespace NeuroDb.Storage;

/// <summary>
/// Where the versions of a table are: parts with disjoint ranges of numbers, in ascending order.
/// The last one is the delta that commits append to. Immutable; the checkpoint puts another layout
/// in its place and shares with it the parts that stay.
/// </summary>
internal sealed class TableLayout
{
    private readonly RowPart[] _parts;

    /// <summary>Takes parts in ascending order, a delta last.</summary>
    public TableLayout(RowPart[] parts)
    {
        Invariant.Check(parts.Length > 0 && parts[^1] is RowDelta);
        for (int i = 1; i < parts.Length; i++)
        {
            Invariant.Check(parts[i - 1].EndRowId <= parts[i].FirstRowId);
        }

        _parts = parts;
        Active = (RowDelta)parts[^1];
    }

    /// <summary>The parts, in ascending order.</summary>
    public ReadOnlySpan<RowPart> Parts => _parts;

    /// <summary>The last part, which commits append to.</summary>
    public RowDelta Active { get; }

    /// <summary>The part in whose range a number lies; false if that range is gone.</summary>
    public bool TryPartOf(long rowId, out RowPart part)
    {
        part = _parts[OrdinalOf(rowId)];
        return rowId >= part.FirstRowId && rowId < part.EndRowId;
    }

    /// <summary>The last part that begins at a number or before; the first if none does.</summary>
    public int OrdinalOf(long rowId)
    {
        int low = 0;
        int high = _parts.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >>> 1;
            if (_parts[middle].FirstRowId <= rowId)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    /// <summary>Whether a timestamp sees a version.</summary>
    public bool IsVisible(long rowId, long timestamp) =>
        TryPartOf(rowId, out RowPart part) && part.IsVisible(rowId, timestamp);

    /// <summary>Whether a version lives at the newest commit.</summary>
    public bool IsLive(long rowId) => TryPartOf(rowId, out RowPart part) && part.IsLive(rowId);

    /// <summary>
    /// The version that has a key and that a timestamp sees. There is at most one; the newest parts
    /// are the most likely.
    /// </summary>
    public bool TryFind(in SoughtKey sought, long timestamp, out long rowId)
    {
        for (int i = _parts.Length - 1; i >= 0; i--)
        {
            if (_parts[i].TryFind(sought, timestamp, out rowId))
            {
                return true;
            }
        }

        rowId = -1;
        return false;
    }
}
