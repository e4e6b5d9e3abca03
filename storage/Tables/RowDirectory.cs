namespace NeuroDb.Storage;

/// <summary>
/// The newest slot of every row: a paged array from row number to slot. One writer; readers take no
/// lock, because pages never move and the list of pages grows by copy and swap.
/// </summary>
internal sealed class RowDirectory
{
    private const int PageRowCount = 1024;
    private long[][] _pages = [];
    private int _pageCount;

    /// <summary>The newest slot of a row that has one.</summary>
    public long this[long rowId]
    {
        get => Volatile.Read(ref Volatile.Read(ref _pages)[rowId / PageRowCount][
            rowId % PageRowCount]);
        set => Volatile.Write(ref _pages[rowId / PageRowCount][rowId % PageRowCount], value);
    }

    /// <summary>Sets consecutive slots for consecutive rows.</summary>
    public void Fill(long rowId, long slot, int count)
    {
        for (int done = 0; done < count;)
        {
            int at = (int)((rowId + done) % PageRowCount);
            int run = Math.Min(count - done, PageRowCount - at);
            Span<long> page = _pages[(rowId + done) / PageRowCount].AsSpan(at, run);
            for (int i = 0; i < run; i++)
            {
                Volatile.Write(ref page[i], slot + done + i);
            }

            done += run;
        }
    }

    /// <summary>Makes room for row numbers below a count.</summary>
    public void Reserve(long count)
    {
        int pages = checked((int)((count + PageRowCount - 1) / PageRowCount));
        if (pages <= _pageCount)
        {
            return;
        }

        long[][] list = _pages;
        if (pages > list.Length)
        {
            list = new long[Math.Max(pages, list.Length * 2)][];
            _pages.CopyTo(list, 0);
        }

        for (int i = _pageCount; i < pages; i++)
        {
            list[i] = new long[PageRowCount];
        }

        _pageCount = pages;
        Volatile.Write(ref _pages, list);
    }
}
