namespace NeuroDb.Storage;

/// <summary>
/// Makes an <see cref="IndexRun"/> of rows: codes of all columns, a radix sort from the last column
/// to the first, and a comparison of the values where codes do not tell them apart.
/// </summary>
internal static class IndexRunBuilder
{
    private const int DigitBits = 8;
    private const int DigitCount = 1 << DigitBits;

    // Between two looks whether to stop.
    private const int LookedAtCount = 1 << 16;

    /// <summary>The run of some chunks.</summary>
    /// <param name="keys">The columns of the index.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="firstChunk">The first chunk.</param>
    /// <param name="rowCount">The rows from there on; all chunks but the last are full.</param>
    /// <param name="isLearned">Whether a model is worth its building.</param>
    /// <param name="look">Raises what ends the work early; null if nothing may.</param>
    public static IndexRun Build(
        IndexKeys keys,
        IIndexRows rows,
        int firstChunk,
        int rowCount,
        bool isLearned,
        Action? look = null)
    {
        FlatArray<ulong>[] codes = FlatArray<ulong>.Columns(
            keys.Count, rowCount, isReleased: true);
        var ordinals = new FlatArray<int>(rowCount, isReleased: true);
        bool isDone = false;
        try
        {
            for (int column = 0; column < codes.Length; column++)
            {
                ColumnStore? store = null;
                for (int start = 0; start < rowCount; start += Limits.ChunkRowCount)
                {
                    look?.Invoke();
                    int count = Math.Min(Limits.ChunkRowCount, rowCount - start);
                    int chunk = firstChunk + (start / Limits.ChunkRowCount);
                    store = rows.Next(chunk, keys[column].Ordinal, store);
                    keys[column].Encode(store, 0, codes[column].Span.Slice(start, count));
                }
            }

            Number(ordinals.Span, firstChunk * Limits.ChunkRowCount);
            IndexRun run = Sort(keys, rows, codes, ordinals, isLearned, look);
            isDone = true;
            return run;
        }
        finally
        {
            ReleaseUnless(isDone, codes, ordinals);
        }
    }

    /// <summary>Writes consecutive numbers.</summary>
    public static void Number(Span<int> numbers, int first)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = first + i;
        }
    }

    /// <summary>The run of entries in any order; the arrays are taken.</summary>
    public static IndexRun Sort(
        IndexKeys keys,
        IIndexRows rows,
        FlatArray<ulong>[] codes,
        FlatArray<int> ordinals,
        bool isLearned,
        Action? look = null)
    {
        var order = new FlatArray<int>(ordinals.Length, isReleased: true);
        var other = new FlatArray<int>(ordinals.Length, isReleased: true);
        try
        {
            Order(codes, ref order, ref other, look);
            Arrange(ordinals.Span, order.Span, 0, look);
            foreach (FlatArray<ulong> column in codes)
            {
                Arrange(column.Span, order.Span, 0, look);
            }
        }
        finally
        {
            order.Release();
            other.Release();
        }

        SettleTies(keys, rows, codes, ordinals, look);
        look?.Invoke();
        return new IndexRun(keys, codes, ordinals, isLearned);
    }

    /// <summary>The run of two runs of the same rows.</summary>
    public static IndexRun Merge(
        IndexKeys keys, IIndexRows rows, IndexRun older, IndexRun newer, bool isReleased,
        Action? look = null)
    {
        int count = older.Count + newer.Count;
        FlatArray<ulong>[] codes = FlatArray<ulong>.Columns(keys.Count, count, isReleased);
        var ordinals = new FlatArray<int>(count, isReleased);
        bool isDone = false;
        try
        {
            for (int start = 0, left = 0; start < count; start += Limits.ChunkRowCount)
            {
                look?.Invoke();
                int end = Math.Min(count, start + Limits.ChunkRowCount);
                left = Merge(keys, rows, older, newer, codes, ordinals.Span, start, end, left);
            }

            isDone = true;
            return new IndexRun(keys, codes, ordinals, isLearned: false);
        }
        finally
        {
            ReleaseUnless(isDone, codes, ordinals);
        }
    }

    // Some of the entries, from so many of the older run on; how many of it are merged then.
    private static int Merge(
        IndexKeys keys, IIndexRows rows, IndexRun older, IndexRun newer,
        FlatArray<ulong>[] codes, Span<int> ordinals, int start, int end, int left)
    {
        ReadOnlySpan<ulong> olderFirst = older.Codes[0].Span;
        ReadOnlySpan<ulong> newerFirst = newer.Codes[0].Span;
        Span<ulong> first = codes[0].Span;
        for (int i = start; i < end; i++)
        {
            int right = i - left;
            bool isOlder = left < older.Count
                && (right == newer.Count
                    || olderFirst[left] < newerFirst[right]
                    || (olderFirst[left] == newerFirst[right]
                        && keys.Compare(
                            new(rows, older.Codes, older.Ordinals, left),
                            new(rows, newer.Codes, newer.Ordinals, right)) <= 0));
            IndexRun from = isOlder ? older : newer;
            int entry = isOlder ? left : right;
            left += isOlder ? 1 : 0;
            ordinals[i] = from.Ordinals[entry];
            first[i] = isOlder ? olderFirst[entry] : newerFirst[entry];
            for (int column = 1; column < codes.Length; column++)
            {
                codes[column].Span[i] = from.Codes[column][entry];
            }
        }

        GC.KeepAlive(older);
        GC.KeepAlive(newer);
        return left;
    }

    private static void ReleaseUnless(
        bool isDone, FlatArray<ulong>[] codes, FlatArray<int> ordinals)
    {
        if (!isDone)
        {
            Array.ForEach(codes, static column => column.Release());
            ordinals.Release();
        }
    }

    private static void Order(
        FlatArray<ulong>[] codes, ref FlatArray<int> order, ref FlatArray<int> other,
        Action? look)
    {
        Number(order.Span, 0);
        for (int column = codes.Length - 1; column >= 0; column--)
        {
            ReadOnlySpan<ulong> column0 = codes[column].Span;
            ulong different = 0;
            for (int i = 1; i < column0.Length; i++)
            {
                different |= column0[i] ^ column0[0];
            }

            for (int shift = 0; shift < 64; shift += DigitBits)
            {
                if (((different >> shift) & (DigitCount - 1)) != 0)
                {
                    Distribute(column0, shift, order.Span, other.Span, look);
                    (order, other) = (other, order);
                }
            }
        }
    }

    private static void Distribute(
        ReadOnlySpan<ulong> codes, int shift, ReadOnlySpan<int> from, Span<int> to,
        Action? look)
    {
        look?.Invoke();
        Span<int> next = stackalloc int[DigitCount];
        next.Clear();
        foreach (ulong code in codes)
        {
            next[(byte)(code >> shift)]++;
        }

        int start = 0;
        foreach (ref int place in next)
        {
            (place, start) = (start, start + place);
        }

        for (int i = 0; i < from.Length; i += LookedAtCount)
        {
            look?.Invoke();
            foreach (int entry in from.Slice(i, Math.Min(LookedAtCount, from.Length - i)))
            {
                to[next[(byte)(codes[entry] >> shift)]++] = entry;
            }
        }
    }

    private static void Arrange<T>(
        Span<T> items, ReadOnlySpan<int> order, int first, Action? look)
        where T : unmanaged
    {
        var copy = new FlatArray<T>(items.Length, isReleased: true);
        try
        {
            Span<T> from = copy.Span;
            items.CopyTo(from);
            for (int start = 0; start < order.Length; start += LookedAtCount)
            {
                look?.Invoke();
                int end = Math.Min(order.Length, start + LookedAtCount);
                for (int i = start; i < end; i++)
                {
                    items[i] = from[order[i] - first];
                }
            }
        }
        finally
        {
            copy.Release();
        }
    }

    // Entries whose codes are equal up to one that does not tell its value, by their values.
    private static void SettleTies(
        IndexKeys keys, IIndexRows rows, FlatArray<ulong>[] codes, FlatArray<int> ordinals,
        Action? look)
    {
        int looked = 0;
        for (int start = 0; start < ordinals.Length;)
        {
            if (start - looked >= LookedAtCount)
            {
                look?.Invoke();
                looked = start;
            }

            int columns = keys.DoubtfulCount(codes, start);
            int end = start + 1;
            while (columns > 0 && end < ordinals.Length && AreEqual(codes, columns, start, end))
            {
                end++;
            }

            if (end - start > 1)
            {
                SortByValue(keys, rows, codes, ordinals, start, end - start, look);
            }

            start = end;
        }
    }

    private static bool AreEqual(FlatArray<ulong>[] codes, int columns, int left, int right)
    {
        for (int column = 0; column < columns; column++)
        {
            if (codes[column][left] != codes[column][right])
            {
                return false;
            }
        }

        return true;
    }

    private static void SortByValue(
        IndexKeys keys,
        IIndexRows rows,
        FlatArray<ulong>[] codes,
        FlatArray<int> ordinals,
        int start,
        int count,
        Action? look)
    {
        var order = new int[count];
        for (int i = 0; i < count; i++)
        {
            order[i] = start + i;
        }

        CheckedSort.Sort(
            order,
            (left, right) =>
            {
                int compared = keys.Compare(
                    new(rows, codes, ordinals, left), new(rows, codes, ordinals, right));
                return compared != 0 ? compared : ordinals[left].CompareTo(ordinals[right]);
            },
            look ?? (static () => { }));
        Arrange(ordinals.Span.Slice(start, count), order, start, look);
        foreach (FlatArray<ulong> column in codes)
        {
            Arrange(column.Span.Slice(start, count), order, start, look);
        }
    }
}
