using System.Numerics;

namespace NeuroDb.Query;

/// <summary>
/// Which keys one side of a join has, so that the scan of the other side leaves out rows without a
/// partner: a bitmap over the range of the keys where that is narrow, otherwise a Bloom filter of
/// two bits in one word (F. Putze et al., Cache-, hash- and space-efficient Bloom filters, 2007).
/// A key that is there is never left out. Immutable.
/// </summary>
internal sealed class KeyFilter
{
    private const int BitsPerKey = 16;
    private const int BitmapBitsPerKeyMax = 64;
    private const int BitmapBitsMin = 1 << 16;

    private readonly ulong[] _words;
    private readonly bool _isBitmap;
    private readonly ulong _range;

    private KeyFilter(long minimum, long maximum, bool isBitmap, ulong[] words)
    {
        Minimum = minimum;
        Maximum = maximum;
        _range = (ulong)maximum - (ulong)minimum;
        _isBitmap = isBitmap;
        _words = words;
    }

    /// <summary>The lowest key; above <see cref="Maximum"/> if there is none.</summary>
    public long Minimum { get; }

    /// <summary>The highest key.</summary>
    public long Maximum { get; }

    /// <summary>Whether there is no key at all.</summary>
    public bool IsEmpty => Minimum > Maximum;

    /// <summary>The filter of some keys; NULL is none.</summary>
    public static KeyFilter Of(ColumnBuffer<long> keys)
    {
        ReadOnlySpan<long> values = keys.Values;
        long minimum = long.MaxValue;
        long maximum = long.MinValue;
        bool mayHaveNulls = keys.Nulls.MayHaveNulls;
        for (int row = 0; row < values.Length; row++)
        {
            if (!mayHaveNulls || !keys.IsNull(row))
            {
                minimum = Math.Min(minimum, values[row]);
                maximum = Math.Max(maximum, values[row]);
            }
        }

        if (minimum > maximum)
        {
            return new KeyFilter(1, 0, isBitmap: true, []);
        }

        ulong range = (ulong)maximum - (ulong)minimum;
        bool isBitmap = range < BitmapBitsMin + ((ulong)BitmapBitsPerKeyMax * (ulong)keys.Count);
        ulong bits = isBitmap
            ? range + 1
            : BitOperations.RoundUpToPowerOf2((ulong)BitsPerKey * (ulong)keys.Count);
        var filter = new KeyFilter(minimum, maximum, isBitmap, new ulong[(bits + 63) / 64]);
        for (int row = 0; row < values.Length; row++)
        {
            if (!mayHaveNulls || !keys.IsNull(row))
            {
                filter.Add(values[row]);
            }
        }

        return filter;
    }

    /// <summary>Keeps those of the selected rows whose value may be a key.</summary>
    public int Keep(ReadOnlySpan<long> values, Span<int> selected)
    {
        int count = 0;
        ulong[] words = _words;
        if (IsEmpty)
        {
            return 0;
        }

        if (_isBitmap)
        {
            foreach (int row in selected)
            {
                ulong offset = (ulong)values[row] - (ulong)Minimum;
                ulong place = offset <= _range ? offset : 0;
                ulong bit = (words[place >> 6] >> (int)(place & 63)) & 1;
                selected[count] = row;
                count += offset <= _range ? (int)bit : 0;
            }

            return count;
        }

        int mask = words.Length - 1;
        foreach (int row in selected)
        {
            ulong hash = Hash64.Mix((ulong)values[row]);
            ulong bits = BitsOf(hash);
            selected[count] = row;
            count += (words[(int)(hash >> 32) & mask] & bits) == bits ? 1 : 0;
        }

        return count;
    }

    private static ulong BitsOf(ulong hash) =>
        (1UL << (int)(hash & 63)) | (1UL << (int)((hash >> 6) & 63));

    private void Add(long key)
    {
        if (_isBitmap)
        {
            ulong offset = (ulong)key - (ulong)Minimum;
            _words[offset >> 6] |= 1UL << (int)(offset & 63);
            return;
        }

        ulong hash = Hash64.Mix((ulong)key);
        _words[(int)(hash >> 32) & (_words.Length - 1)] |= BitsOf(hash);
    }
}
