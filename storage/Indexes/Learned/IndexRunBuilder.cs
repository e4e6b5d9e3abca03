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
        var codes = new ulong[keys.Count][];
        for (int column = 0; column < codes.Length; column++)
        {
            codes[column] = new ulong[rowCount];
            for (int start = 0; start < rowCount; start += Limits.ChunkRowCount)
            {
                look?.Invoke();
                int count = Math.Min(Limits.ChunkRowCount, rowCount - start);
                keys[column].Encode(
                    rows.Column(
                        firstChunk + (start / Limits.ChunkRowCount), keys[column].Ordinal),
                    0,
                    codes[column].AsSpan(start, count));
            }
        }

        var ordinals = new int[rowCount];
        for (int i = 0; i < rowCount; i++)
        {
            ordinals[i] = (firstChunk * Limits.ChunkRowCount) + i;
        }

        return Sort(keys, rows, codes, ordinals, isLearned, look);
    }

    /// <summary>The run of entries in any order; the arrays are taken.</summary>
    public static IndexRun Sort(
        IndexKeys keys,
        IIndexRows rows,
        ulong[][] codes,
        int[] ordinals,
        bool isLearned,
        Action? look = null)
    {
        int[] order = Order(codes, ordinals.Length, look);
        Arrange<int>(ordinals, order, 0, look);
        foreach (ulong[] column in codes)
        {
            Arrange<ulong>(column, order, 0, look);
        }

        SettleTies(keys, rows, codes, ordinals, look);
        look?.Invoke();
        return new IndexRun(keys, codes, ordinals, isLearned);
    }

    /// <summary>The run of two runs of the same rows.</summary>
    public static IndexRun Merge(
        IndexKeys keys, IIndexRows rows, IndexRun older, IndexRun newer,
        CancellationToken cancellation = default)
    {
        int count = older.Count + newer.Count;
        var codes = new ulong[keys.Count][];
        for (int column = 0; column < codes.Length; column++)
        {
            codes[column] = new ulong[count];
        }

        var ordinals = new int[count];
        int left = 0;
        int right = 0;
        for (int i = 0; i < count; i++)
        {
            if (i % Limits.ChunkRowCount == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            bool isOlder = right == newer.Count
                || (left < older.Count
                    && keys.Compare(
                        new(rows, older.Codes, older.Ordinals, left),
                        new(rows, newer.Codes, newer.Ordinals, right)) <= 0);
            IndexRun from = isOlder ? older : newer;
            int entry = isOlder ? left++ : right++;
            ordinals[i] = from.Ordinals[entry];
            for (int column = 0; column < codes.Length; column++)
            {
                codes[column][i] = from.Codes[column][entry];
            }
        }

        return new IndexRun(keys, codes, ordinals, isLearned: false);
    }

    private static int[] Order(ulong[][] codes, int count, Action? look)
    {
        var order = new int[count];
        for (int i = 0; i < count; i++)
        {
            order[i] = i;
        }

        var other = new int[count];
        for (int column = codes.Length - 1; column >= 0; column--)
        {
            ulong[] column0 = codes[column];
            ulong different = 0;
            for (int i = 1; i < count; i++)
            {
                different |= column0[i] ^ column0[0];
            }

            for (int shift = 0; shift < 64; shift += DigitBits)
            {
                if (((different >> shift) & (DigitCount - 1)) != 0)
                {
                    Distribute(column0, shift, order, other, look);
                    (order, other) = (other, order);
                }
            }
        }

        return order;
    }

    private static void Distribute(
        ulong[] codes, int shift, int[] from, int[] to, Action? look)
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
            foreach (int entry in from.AsSpan(i, Math.Min(LookedAtCount, from.Length - i)))
            {
                to[next[(byte)(codes[entry] >> shift)]++] = entry;
            }
        }
    }

    private static void Arrange<T>(Span<T> items, int[] order, int first, Action? look)
    {
        T[] copy = [.. items];
        for (int start = 0; start < order.Length; start += LookedAtCount)
        {
            look?.Invoke();
            int end = Math.Min(order.Length, start + LookedAtCount);
            for (int i = start; i < end; i++)
            {
                items[i] = copy[order[i] - first];
            }
        }
    }

    // Entries whose codes are equal up to one that does not tell its value, by their values.
    private static void SettleTies(
        IndexKeys keys, IIndexRows rows, ulong[][] codes, int[] ordinals, Action? look)
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

    private static bool AreEqual(ulong[][] codes, int columns, int left, int right)
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
        ulong[][] codes,
        int[] ordinals,
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
        Arrange(ordinals.AsSpan(start, count), order, start, look);
        foreach (ulong[] column in codes)
        {
            Arrange(column.AsSpan(start, count), order, start, look);
        }
    }
}
