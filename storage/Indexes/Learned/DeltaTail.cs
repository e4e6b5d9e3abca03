namespace NeuroDb.Storage;

/// <summary>Rows behind the runs of an index over a delta, in the order of the rows.</summary>
/// <param name="Start">The first of them, counted from the first of the delta.</param>
/// <param name="Codes">For each column their codes.</param>
/// <param name="Hashes">
/// The hashes of the first column's values, where codes may not tell values; else null.
/// </param>
/// <param name="Slots">Finds them, where commits look into the index; else null.</param>
internal sealed record DeltaTail(int Start, ulong[][] Codes, ulong[]? Hashes, TailSlots? Slots)
{
    /// <summary>How many rows have room.</summary>
    public int Capacity => Codes[0].Length;

    /// <summary>The bytes of the codes.</summary>
    public long SizeBytes => (long)Codes.Length * Capacity * sizeof(ulong);

    /// <summary>A tail without rows.</summary>
    public static DeltaTail Empty(IndexKeys keys, int start)
    {
        var codes = new ulong[keys.Count][];
        codes.AsSpan().Fill([]);
        return new DeltaTail(start, codes, keys[0].IsDoubtful ? [] : null, null);
    }

    /// <summary>The same first rows with more room: readers go on with what they have.</summary>
    public DeltaTail Grown(int count, int capacity)
    {
        ulong[][] codes = [.. Codes.Select(column => Grown(column, count, capacity))];
        return this with
        {
            Codes = codes,
            Hashes = Hashes is null ? null : Grown(Hashes, count, capacity),
            Slots = Slots is null ? null : new TailSlots(capacity, codes, count),
        };
    }

    /// <summary>Whether one of the first rows may have a key; false is certain.</summary>
    /// <param name="codes">The codes of the key, one for each column.</param>
    /// <param name="hash">Their <see cref="CodeFilter.HashOf"/>.</param>
    /// <param name="count">So many rows count.</param>
    public bool MayHave(ReadOnlySpan<ulong> codes, ulong hash, int count) => Slots is null
        ? Codes[0].AsSpan(0, count).Contains(codes[0])
        : Slots.Has(codes, hash, Codes, count);

    // Memory that the collector does not move can take milliseconds to get, and a commit waits.
    private static ulong[] Grown(ulong[] array, int count, int capacity)
    {
        ulong[] grown = GC.AllocateUninitializedArray<ulong>(capacity);
        array.AsSpan(0, count).CopyTo(grown);
        return grown;
    }
}
