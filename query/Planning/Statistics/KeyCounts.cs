using System.Buffers;
using System.Runtime.InteropServices;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// How often each value of a column occurs. Beyond a number of different values only those are
/// counted whose hash is below a threshold (adaptive sampling: P. Flajolet, Computing 43, 1990),
/// and those that were frequent when the threshold came; since all columns use one hash, they keep
/// the same values (end-biased samples: C. Estan and J. Naughton, ICDE 2006). Immutable once made.
/// </summary>
internal sealed class KeyCounts
{
    private const int ValueCountMax = 1 << 17;
    private const int PinnedCount = 1024;

    private readonly Dictionary<ulong, int> _counts = [];
    private readonly HashSet<ulong> _pinned = [];
    private ulong _threshold = ulong.MaxValue;

    /// <summary>The rows that are not NULL.</summary>
    public long RowCount { get; private set; }

    /// <summary>The share of the values that is counted, beside the frequent ones.</summary>
    public double Share => _threshold == ulong.MaxValue ? 1 : _threshold / (double)ulong.MaxValue;

    /// <summary>The values that are counted, by their hashes.</summary>
    public IReadOnlyDictionary<ulong, int> Counts => _counts;

    /// <summary>How many different values there are, about; exact where all are counted.</summary>
    public double Distinct
    {
        get
        {
            int beyond = _pinned.Count(hash => hash > _threshold);
            return Math.Max(1, ((_counts.Count - beyond) / Share) + beyond);
        }
    }

    /// <summary>Counts the values of some rows.</summary>
    /// <param name="hashes">The hash of each row, NULL or not.</param>
    /// <param name="column">The values.</param>
    /// <param name="isVisible">Whether a row counts.</param>
    public void Add(ReadOnlySpan<ulong> hashes, ColumnBuffer column, Func<int, bool>? isVisible)
    {
        bool mayHaveNulls = column.Nulls.MayHaveNulls;
        for (int row = 0; row < hashes.Length; row++)
        {
            if ((mayHaveNulls && column.IsNull(row)) || (isVisible is not null && !isVisible(row)))
            {
                continue;
            }

            RowCount++;
            ulong hash = hashes[row];
            if (hash <= _threshold)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_counts, hash, out _)++;
                if (_counts.Count > ValueCountMax)
                {
                    Shrink();
                }
            }
            else if (_pinned.Contains(hash))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_counts, hash, out _)++;
            }
        }
    }

    /// <summary>Whether the count of a value is known, 0 included.</summary>
    public bool Knows(ulong hash) => hash <= _threshold || _counts.ContainsKey(hash);

    /// <summary>How often a value occurs; 0 if it does not, or is not counted.</summary>
    public int CountOf(ulong hash) => _counts.GetValueOrDefault(hash);

    /// <summary>Whether a value was frequent when not all could be counted any more.</summary>
    public bool IsFrequent(ulong hash) => _pinned.Contains(hash);

    /// <summary>How often a value that is not frequent occurs in the mean.</summary>
    public double LightCount
    {
        get
        {
            long frequent = _pinned.Sum(hash => (long)_counts.GetValueOrDefault(hash));
            return Math.Max(0, RowCount - frequent) / Math.Max(1, Distinct - _pinned.Count);
        }
    }

    /// <summary>The hashes of the values of a column.</summary>
    public static ulong[] HashesOf(ColumnBuffer column)
    {
        var hashes = new ulong[column.Count];
        KeyColumn.Create(column.Type).Hash(column, hashes);
        return hashes;
    }

    /// <summary>Writes the counts.</summary>
    public void Encode(IBufferWriter<byte> writer)
    {
        ulong[] hashes = [.. _counts.Keys.Order()];
        ulong[] pinned = [.. _pinned.Order()];
        writer.WriteInt64((long)_threshold);
        writer.WriteInt64(RowCount);
        writer.WriteInt32(pinned.Length);
        writer.WriteRaw<ulong>(pinned);
        writer.WriteInt32(hashes.Length);
        writer.WriteRaw<ulong>(hashes);
        writer.WriteRaw<int>(Array.ConvertAll(hashes, hash => _counts[hash]));
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    public static KeyCounts Decode(RecordReader reader)
    {
        var keys = new KeyCounts
        {
            _threshold = (ulong)reader.ReadInt64(),
            RowCount = reader.ReadInt64(),
        };
        var pinned = new ulong[reader.ReadCount(PinnedCount, "frequent values")];
        reader.ReadRaw(pinned.AsSpan());
        keys._pinned.UnionWith(pinned);
        var hashes = new ulong[reader.ReadCount(ValueCountMax + PinnedCount, "values")];
        reader.ReadRaw(hashes.AsSpan());
        var counts = new int[hashes.Length];
        reader.ReadRaw(counts.AsSpan());
        keys._counts.EnsureCapacity(hashes.Length);
        for (int i = 0; i < hashes.Length; i++)
        {
            reader.Check(
                counts[i] > 0 && (i == 0 || hashes[i - 1] < hashes[i]), "values in order");
            keys._counts.Add(hashes[i], counts[i]);
        }

        return keys;
    }

    private void Shrink()
    {
        if (_pinned.Count == 0)
        {
            foreach (KeyValuePair<ulong, int> item in _counts
                .OrderByDescending(static item => item.Value)
                .ThenBy(static item => item.Key)
                .Take(PinnedCount))
            {
                _pinned.Add(item.Key);
            }
        }

        _threshold /= 2;
        foreach (ulong hash in _counts.Keys)
        {
            if (hash > _threshold && !_pinned.Contains(hash))
            {
                _counts.Remove(hash);
            }
        }
    }
}
