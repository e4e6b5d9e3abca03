using System.Buffers;
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
        int length = rows?.Length ?? keys.Count;
        int[] rented = ArrayPool<int>.Shared.Rent(length);
        Span<int> selected = rented.AsSpan(0, length);
        if (rows is null)
        {
            for (int row = 0; row < selected.Length; row++)
            {
                selected[row] = row;
            }
        }
        else
        {
            rows.CopyTo(selected);
        }

        int count = filters[i].Filter.Keep(keys.Values, selected);
        _seen[i] += length;
        _kept[i] += count;
        int[]? kept = count == length ? rows : selected[..count].ToArray();
        ArrayPool<int>.Shared.Return(rented);
        return kept;
    }
}
