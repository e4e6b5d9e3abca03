namespace NeuroDb.Storage;

/// <summary>Rows behind the runs of an index over a delta, in the order of the rows.</summary>
/// <param name="Start">The first of them, counted from the first of the delta.</param>
/// <param name="Codes">For each column their codes.</param>
/// <param name="Hashes">
/// The hashes of the first column's values, where codes may not tell values; else null.
/// </param>
/// <param name="Slots">Finds them, where commits look into the index; else null.</param>
internal sealed record DeltaTail(
    int Start, FlatArray<ulong>[] Codes, FlatArray<ulong>? Hashes, TailSlots? Slots)
    : INativeMemory
{
    /// <summary>How many rows have room.</summary>
    public int Capacity => Codes[0].Length;

    /// <inheritdoc/>
    public long SizeBytes =>
        ((Codes.Length + (Hashes is null ? 0L : 1)) * Capacity * sizeof(ulong))
        + (Slots?.SizeBytes ?? 0);

    /// <summary>A tail without rows.</summary>
    public static DeltaTail Empty(IndexKeys keys, int start)
    {
        FlatArray<ulong>[] codes = FlatArray<ulong>.Columns(keys.Count, 0, isReleased: false);
        return new DeltaTail(start, codes, keys[0].IsDoubtful ? new([]) : null, null);
    }

    /// <summary>The same first rows with more room: readers go on with what they have.</summary>
    /// <param name="count">The rows so far.</param>
    /// <param name="capacity">The rows that will have room.</param>
    /// <param name="isReleased">Whether somebody gives the memory back.</param>
    public DeltaTail Grown(int count, int capacity, bool isReleased)
    {
        FlatArray<ulong>[] codes =
            [.. Codes.Select(column => Grown(column, count, capacity, isReleased))];
        return this with
        {
            Codes = codes,
            Hashes = Hashes is null ? null : Grown(Hashes, count, capacity, isReleased),
            Slots = Slots is null ? null : new TailSlots(capacity, codes, count),
        };
    }

    /// <summary>Whether one of the first rows may have a key; false is certain.</summary>
    /// <param name="codes">The codes of the key, one for each column.</param>
    /// <param name="hash">Their <see cref="CodeFilter.HashOf"/>.</param>
    /// <param name="count">So many rows count.</param>
    public bool MayHave(ReadOnlySpan<ulong> codes, ulong hash, int count) => Slots is null
        ? Codes[0].Span[..count].Contains(codes[0])
        : Slots.Has(codes, hash, Codes, count);

    /// <inheritdoc/>
    public void Release()
    {
        Array.ForEach(Codes, static column => column.Release());
        Hashes?.Release();
        Slots?.Release();
    }

    private static FlatArray<ulong> Grown(
        FlatArray<ulong> array, int count, int capacity, bool isReleased)
    {
        var grown = new FlatArray<ulong>(capacity, isReleased);
        array.Span[..count].CopyTo(grown.Span);
        return grown;
    }
}
