using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>The buffer manager keeps what is used and never more than its budget.</summary>
public sealed class BufferManagerTests
{
    [Fact]
    public void An_entry_is_read_once_and_then_found()
    {
        var manager = new BufferManager(1000);
        var source = new CountingSource(10);
        var slots = new BufferSlots<string>(manager, source, 4);
        Assert.False(slots.TryGet(2, out _));
        string first = slots.Get(2);
        Assert.Same(first, slots.Get(2));
        Assert.True(slots.TryGet(2, out string? found));
        Assert.Same(first, found);
        Assert.Equal(1, source.LoadCount);
        BufferStatistics statistics = manager.Statistics;
        Assert.Equal((10, 1, 1, 0), (
            statistics.CachedBytes, statistics.EntryCount, statistics.LoadCount,
            statistics.EvictionCount));
    }

    [Fact]
    public void What_is_used_again_stays_and_what_was_read_once_goes()
    {
        var manager = new BufferManager(100);
        var source = new CountingSource(10);
        var slots = new BufferSlots<string>(manager, source, 1000);
        string kept = slots.Get(0);
        for (int slot = 1; slot < 1000; slot++)
        {
            Assert.Same(kept, slots.Get(0));
            slots.Get(slot);
            Assert.InRange(manager.Statistics.CachedBytes, 0, 100);
        }

        Assert.Equal(1000, source.LoadCount);
        Assert.Equal(990, manager.Statistics.EvictionCount);
    }

    [Fact]
    public void Rows_in_memory_take_from_the_budget_and_give_it_back()
    {
        var manager = new BufferManager(1600);
        var slots = new BufferSlots<string>(manager, new CountingSource(10), 200);
        Touch(slots);
        Assert.Equal(1600, manager.Statistics.CachedBytes);
        manager.ReportDelta(1000);
        Assert.Equal(600, manager.Statistics.CachedBytes);
        manager.ReportDelta(5000);
        Assert.Equal(100, manager.Statistics.CachedBytes);
        manager.ReportDelta(-6000);
        Touch(slots);
        Assert.Equal(1600, manager.Statistics.CachedBytes);
    }

    [Fact]
    public void An_entry_larger_than_the_budget_is_used_and_not_kept()
    {
        var manager = new BufferManager(100);
        var slots = new BufferSlots<string>(manager, new CountingSource(101), 2);
        Assert.Equal("1", slots.Get(1));
        Assert.False(slots.TryGet(1, out _));
        Assert.Equal(0, manager.Statistics.CachedBytes);
    }

    [Fact]
    public void A_closed_owner_leaves_nothing_behind()
    {
        var manager = new BufferManager(1000);
        var closed = new BufferSlots<string>(manager, new CountingSource(10), 10);
        var open = new BufferSlots<string>(manager, new CountingSource(10), 10);
        Touch(closed);
        Touch(open);
        closed.Dispose();
        Assert.Equal(100, manager.Statistics.CachedBytes);
        Assert.Equal("3", closed.Get(3));
        Assert.Equal(100, manager.Statistics.CachedBytes);
        Assert.True(open.TryGet(3, out _));
    }

    [Fact]
    public void A_failed_read_is_told_to_each_who_asks_and_may_succeed_later()
    {
        var source = new CountingSource(10) { Failures = 2 };
        var slots = new BufferSlots<string>(new BufferManager(100), source, 1);
        Assert.Throws<IOException>(() => slots.Get(0));
        Assert.Throws<IOException>(() => slots.Get(0));
        Assert.Equal("0", slots.Get(0));
    }

    [Fact]
    public void Threads_that_ask_for_the_same_entry_share_one_read()
    {
        using var bothAsk = new ManualResetEventSlim();
        var source = new CountingSource(10) { Wait = bothAsk };
        var slots = new BufferSlots<string>(new BufferManager(100), source, 1);
        var results = new string[4];
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(i => new Thread(
            () => results[i] = slots.Get(0)))];
        Array.ForEach(threads, thread => thread.Start());
        bothAsk.Set();
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(1, source.LoadCount);
        Assert.All(results, result => Assert.Same(results[0], result));
    }

    [Fact]
    public void Many_threads_get_the_right_entries_within_the_budget()
    {
        var manager = new BufferManager(500);
        var source = new CountingSource(10);
        var slots = new BufferSlots<string>(manager, source, 300);
        int wrong = 0;
        int over = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            for (int i = 0; i < 20_000; i++)
            {
                int slot = (int)(300 * Math.Pow(random.NextDouble(), 3));
                if (slots.Get(slot) != source.Names[slot])
                {
                    Interlocked.Increment(ref wrong);
                }

                if (i % 50 == 0 && manager.Statistics.CachedBytes > 500)
                {
                    Interlocked.Increment(ref over);
                }
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(0, wrong);
        Assert.Equal(0, over);
        int held = Enumerable.Range(0, 300).Count(slot => slots.TryGet(slot, out _));
        Assert.Equal(manager.Statistics.EntryCount, held);
        Assert.Equal(held * 10, manager.Statistics.CachedBytes);
    }

    [Fact]
    public void Columns_of_a_segment_are_cached_and_given_back_when_it_closes()
    {
        TableSchema schema = SegmentFixture.Schema([DataType.BigInt, DataType.Text], [0]);
        ColumnStore[] columns =
        [
            SegmentFixture.Column(DataType.BigInt, 9000, row => Value.Of((long)row)),
            SegmentFixture.Column(DataType.Text, 9000, row => Value.Of($"{row}")),
        ];
        MemoryFileSystem files = SegmentFixture.Disk();
        SegmentInfo info = SegmentFixture.Write(files, schema, columns, 9000);
        var manager = new BufferManager(1 << 20);
        using (SegmentFile segment = SegmentFixture.Open(files, schema, info, manager))
        {
            Assert.False(segment.TryColumn(1, 0, out _));
            ColumnStore read = segment.Column(1, 0);
            Assert.Same(read, segment.Column(1, 0));
            Assert.NotSame(read, segment.Read(1, 0));
            Assert.Equal(4096 * 8, manager.Statistics.CachedBytes);
            Assert.True(segment.Key(0).Candidates(KeyCode.Of(8000)).MoveNext());
            Assert.Equal(2, manager.Statistics.EntryCount);
        }

        Assert.Equal(0, manager.Statistics.CachedBytes);
    }

    private static void Touch(BufferSlots<string> slots)
    {
        for (int slot = 0; slot < slots.Count; slot++)
        {
            slots.Get(slot);
        }
    }

    private sealed class CountingSource(long sizeBytes) : IBufferSource<string>
    {
        private int _loadCount;

        public string[] Names { get; } =
            [.. Enumerable.Range(0, 1000).Select(slot => $"{slot}")];

        public int LoadCount => Volatile.Read(ref _loadCount);

        public int Failures { get; set; }

        public ManualResetEventSlim? Wait { get; init; }

        public string Load(int slot, out long size)
        {
            Wait?.Wait();
            Interlocked.Increment(ref _loadCount);
            size = sizeBytes;
            return Failures-- > 0 ? throw new IOException("no") : Names[slot];
        }
    }
}
