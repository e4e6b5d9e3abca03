namespace NeuroDb.Query;

/// <summary>In which bins the keys of the rows of a sample lie. Immutable.</summary>
internal sealed class SampleBins
{
    /// <summary>The bin of a row whose key is NULL, and so has no partner.</summary>
    public const int OfNull = -2;

    /// <summary>The bin of a row whose key no column had when the values were counted.</summary>
    public const int OfNew = -1;

    /// <summary>Looks the keys up.</summary>
    public SampleBins(ColumnBuffer keys, KeyBins bins)
    {
        ulong[] hashes = KeyCounts.HashesOf(keys);
        Rows = new int[hashes.Length];
        Counts = new int[bins.Count];
        for (int row = 0; row < hashes.Length; row++)
        {
            int bin = keys.IsNull(row) ? OfNull : bins.BinOf(hashes[row]);
            Rows[row] = bin;
            if (bin >= 0)
            {
                Counts[bin]++;
            }
        }
    }

    /// <summary>The bin of each row.</summary>
    public int[] Rows { get; }

    /// <summary>The rows in each bin.</summary>
    public int[] Counts { get; }
}
