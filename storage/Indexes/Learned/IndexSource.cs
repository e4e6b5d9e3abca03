using System.Runtime.Intrinsics;

namespace NeuroDb.Storage;

/// <summary>
/// Entries of one sorted run between bounds, walked in one direction. Belongs to one
/// <see cref="IndexReader"/>.
/// </summary>
internal sealed class IndexSource
{
    private readonly int _step;

    private IndexSource(
        RowPart? part, IIndexRows rows, FlatArray<ulong>[] codes, FlatArray<int> ordinals,
        int start, int end, bool isDescending)
    {
        Invariant.Check(start <= end);
        Part = part;
        Rows = rows;
        Codes = codes;
        Ordinals = ordinals;
        Left = end - start;
        Index = isDescending ? end - 1 : start;
        _step = isDescending ? -1 : 1;
    }

    /// <summary>The part whose rows these are; null for the transaction's own rows.</summary>
    public RowPart? Part { get; }

    /// <summary>The rows, for comparisons of values.</summary>
    public IIndexRows Rows { get; }

    /// <summary>For each column the codes.</summary>
    public FlatArray<ulong>[] Codes { get; }

    /// <summary>The rows of the codes.</summary>
    public FlatArray<int> Ordinals { get; }

    /// <summary>The next entry.</summary>
    public int Index { get; private set; }

    /// <summary>How many entries are left.</summary>
    public int Left { get; private set; }

    /// <summary>The next entry, for comparisons.</summary>
    public IndexEntryPlace Head => new(Rows, Codes, Ordinals, Index);

    /// <summary>The entries of a run.</summary>
    public static IndexSource Of(
        RowPart? part, IIndexRows rows, IndexRun run, in IndexBounds bounds, bool isDescending)
    {
        (int start, int end) = run.Find(bounds);
        return new IndexSource(
            part, rows, run.Codes, run.Ordinals, start, end, isDescending);
    }

    /// <summary>The entries of an unsorted tail, sorted if their order counts.</summary>
    public static IndexSource OfTail(
        RowPart? part, IIndexRows rows, IndexKeys keys, DeltaTail tail, int count,
        in IndexBounds bounds, bool isSorted, bool isDescending)
    {
        var places = new List<int>();
        Collect(tail.Codes, count, bounds, places);
        FlatArray<ulong>[] codes = FlatArray<ulong>.Columns(
            keys.Count, places.Count, isReleased: false);
        for (int column = 0; column < codes.Length; column++)
        {
            for (int i = 0; i < places.Count; i++)
            {
                codes[column].Span[i] = tail.Codes[column][places[i]];
            }
        }

        var ordinals = new FlatArray<int>([.. places.Select(place => tail.Start + place)]);
        if (isSorted && ordinals.Length > 1)
        {
            _ = IndexRunBuilder.Sort(keys, rows, codes, ordinals, isLearned: false);
        }

        return new IndexSource(part, rows, codes, ordinals, 0, ordinals.Length, isDescending);
    }

    /// <summary>Goes behind the next entry, which there is.</summary>
    public void Advance()
    {
        Index += _step;
        Left--;
    }

    private static void Collect(
        FlatArray<ulong>[] tail, int count, in IndexBounds bounds, List<int> places)
    {
        ulong low = bounds.Low.Length == 0 ? 0 : bounds.Low[0];
        ulong high = bounds.High.Length == 0 ? ulong.MaxValue : bounds.High[0];
        if (low > high)
        {
            return;
        }

        ulong width = high - low;
        ReadOnlySpan<ulong> first = tail[0].Span[..count];
        for (int i = 0; i < count; i++)
        {
            // Most rows of a tail are outside of a short range: eight at once are passed over.
            while (Vector512.IsHardwareAccelerated && i + Vector512<ulong>.Count <= count
                && Vector512.GreaterThanAll(
                    Vector512.Create(first[i..]) - Vector512.Create(low), Vector512.Create(width)))
            {
                i += Vector512<ulong>.Count;
            }

            if (i < count && first[i] - low <= width && bounds.Contains(tail, i))
            {
                places.Add(i);
            }
        }
    }
}
