using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Applies key filters to the slices of one scan on one thread. A filter that lets most rows pass
/// is given up.
/// </summary>
internal sealed class ScanFilterRun((int Column, KeyFilter Filter)[] filters)
{
    private const int TrialRowCount = 16_384;
    private const double UsefulShareMax = 0.75;

    private readonly long[] _seen = new long[filters.Length];
    private readonly long[] _kept = new long[filters.Length];

    /// <summary>Whether no row of a slice has a partner.</summary>
    public bool IsEmpty(TableSnapshot snapshot, int slice)
    {
        foreach ((int column, KeyFilter filter) in filters)
        {
            if (filter.IsEmpty || (snapshot.TryGetZone(slice, column, out ZoneMap zone)
                && zone.HasBounds
                && (zone.Maximum.AsInt64() < filter.Minimum
                    || zone.Minimum.AsInt64() > filter.Maximum)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The rows that may have partners, of some rows; null stands for all.</summary>
    public int[]? Keep(TableSlice slice, int[]? rows)
    {
        for (int i = 0; i < filters.Length; i++)
        {
            if (rows is { Length: 0 })
            {
                break;
            }

            if (_seen[i] > TrialRowCount && _kept[i] > UsefulShareMax * _seen[i])
            {
                continue;
            }

            rows = Keep(i, (ColumnBuffer<long>)slice.Column(filters[i].Column), rows);
        }

        return rows;
    }

    private int[]? Keep(int i, ColumnBuffer<long> keys, int[]? rows)
    {
        var selected = new int[rows?.Length ?? keys.Count];
        if (rows is null)
        {
            for (int row = 0; row < selected.Length; row++)
            {
                selected[row] = row;
            }
        }
        else
        {
            rows.CopyTo(selected, 0);
        }

        int count = filters[i].Filter.Keep(keys.Values, selected);
        _seen[i] += selected.Length;
        _kept[i] += count;
        if (count == keys.Count)
        {
            return null;
        }

        Array.Resize(ref selected, count);
        return selected;
    }
}
