namespace NeuroDb.Query;

/// <summary>
/// Sorts rows by keys: runs that fit the cache are sorted on all threads, then merged two by two.
/// Equal rows keep their order, so the result does not depend on the threads. Looks for
/// cancellation after each run.
/// </summary>
internal sealed class RowSorter(RowOrder order, ColumnBuffer[] columns, ExecutionContext context)
{
    private const int RunLength = 1 << 15;

    private readonly bool _isExact = columns.Length == 1 && SortPrefix.IsExact(columns[0]);

    /// <summary>The rows 0 to count - 1 in order.</summary>
    public int[] Sort(int count)
    {
        SortEntry[] entries = SortPrefix.Of(
            order.Keys[0], columns[0], count, context.Arrays);
        int runs = (count + RunLength - 1) / RunLength;
        ForEach(runs, run =>
        {
            int start = run * RunLength;
            entries.AsSpan(start, Math.Min(RunLength, count - start))
                .Sort(new Comparer(this));
        });
        SortEntry[] spare = runs > 1
            ? context.Arrays.Rent<SortEntry>(count, isCleared: false)
            : [];
        for (long length = RunLength; length < count; length *= 2)
        {
            SortEntry[] from = entries;
            SortEntry[] to = spare;
            long step = length;
            ForEach((int)((count + (2 * step) - 1) / (2 * step)), pair =>
            {
                int start = (int)(pair * 2 * step);
                int middle = (int)Math.Min(count, start + step);
                int end = (int)Math.Min(count, start + (2 * step));
                Merge(from, to, start, middle, end);
            });
            (entries, spare) = (to, from);
        }

        var rows = new int[count];
        for (int i = 0; i < count; i++)
        {
            rows[i] = entries[i].Row;
        }

        context.Arrays.Return(entries);
        context.Arrays.Return(spare);

        return rows;
    }

    private void ForEach(int count, Action<int> body)
    {
        if (count < 2 || context.ThreadCount < 2)
        {
            for (int i = 0; i < count; i++)
            {
                context.ThrowIfCancelled();
                body(i);
            }

            return;
        }

        context.Share();
        context.Workers.ForEach(count, i =>
        {
            context.ThrowIfCancelled();
            body(i);
        });
    }

    private void Merge(SortEntry[] from, SortEntry[] to, int start, int middle, int end)
    {
        int left = start;
        int right = middle;
        for (int i = start; i < end; i++)
        {
            if (((i - start) & (RunLength - 1)) == 0)
            {
                context.ThrowIfCancelled();
            }

            bool takesLeft = right >= end
                || (left < middle && Compare(from[left], from[right]) <= 0);
            to[i] = takesLeft ? from[left++] : from[right++];
        }
    }

    private int Compare(SortEntry left, SortEntry right)
    {
        if (left.Prefix != right.Prefix)
        {
            return left.Prefix < right.Prefix ? -1 : 1;
        }

        int found = _isExact ? 0 : order.Compare(columns, left.Row, columns, right.Row);
        return found != 0 ? found : left.Row.CompareTo(right.Row);
    }

    private readonly struct Comparer(RowSorter sorter) : IComparer<SortEntry>
    {
        public int Compare(SortEntry x, SortEntry y) => sorter.Compare(x, y);
    }
}
