using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

public sealed class CompactionPolicyTests
{
    [Fact]
    public void Rows_in_memory_are_written_and_a_large_segment_before_them_is_left()
    {
        List<CompactionRun> runs = CompactionPolicy.Choose(
            [Sealed(900_000, 900_000), Delta(10_000)], isFull: false);

        Assert.Equal([new CompactionRun(1, 1)], runs);
    }

    [Fact]
    public void A_segment_with_more_than_a_fifth_of_dead_rows_is_rewritten()
    {
        List<CompactionRun> runs = CompactionPolicy.Choose(
            [Sealed(1000, 800), Sealed(1000, 799), Sealed(1000, 1000)], isFull: false);

        Assert.Equal([new CompactionRun(0, 2)], runs);
    }

    [Fact]
    public void Nothing_is_rewritten_where_nothing_changed()
    {
        Assert.Empty(CompactionPolicy.Choose([Sealed(10, 10), Sealed(5, 5)], isFull: false));
    }

    [Fact]
    public void A_full_compaction_leaves_no_dead_row_and_joins_small_segments()
    {
        List<CompactionRun> runs = CompactionPolicy.Choose(
            [Sealed(1 << 20, 1 << 20), Sealed(1 << 20, (1 << 20) - 1), Sealed(10, 10)],
            isFull: true);

        Assert.Equal([new CompactionRun(1, 1)], runs);
        Assert.Equal(
            [new CompactionRun(0, 2)],
            CompactionPolicy.Choose([Sealed(10, 10), Sealed(5, 5)], isFull: true));
    }

    [Fact]
    public void Many_small_checkpoints_write_a_row_a_logarithmic_number_of_times()
    {
        const int Rounds = 2000;
        const long RowsPerRound = 100;
        var parts = new List<CompactionSource>();
        long written = 0;
        int segmentCountMax = 0;
        for (int round = 0; round < Rounds; round++)
        {
            parts.Add(Delta(RowsPerRound));
            foreach (CompactionRun run in
                Enumerable.Reverse(CompactionPolicy.Choose(parts, isFull: false)))
            {
                long rows = parts.GetRange(run.Start, run.Count).Sum(part => part.LiveCount);
                written += rows;
                parts.RemoveRange(run.Start, run.Count);
                parts.Insert(run.Start, Sealed(rows, rows));
            }

            segmentCountMax = Math.Max(segmentCountMax, parts.Count);
        }

        Assert.Equal(Rounds * RowsPerRound, parts.Sum(part => part.LiveCount));
        Assert.InRange(segmentCountMax, 1, 12);
        Assert.InRange((double)written / (Rounds * RowsPerRound), 1, 12);
    }

    private static CompactionSource Delta(long rows) => new(true, rows, rows, rows * 100);

    private static CompactionSource Sealed(long rows, long live) =>
        new(false, rows, live, rows * 100);
}
