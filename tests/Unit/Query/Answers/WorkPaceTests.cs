using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

/// <summary>How fast work in the background goes beside statements and alone.</summary>
public sealed class WorkPaceTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    [Theory]
    [InlineData(10, 2, 18)]
    [InlineData(50, 2, 2)]
    [InlineData(1, 3, 297)]
    [InlineData(100, 40, 0)]
    public void Beside_statements_work_is_its_share_of_work_and_rest(
        int share, int workedMs, int restMs)
    {
        var pace = new WorkPace { SharePercent = share };

        Assert.Equal(restMs * Millisecond, pace.RestAfter(workedMs * Millisecond, isBeside: true));
        Assert.Equal(TimeSpan.Zero, pace.RestAfter(workedMs * Millisecond, isBeside: false));
    }

    [Theory]
    [InlineData(1, 50)]
    [InlineData(10, 111)]
    [InlineData(50, 1000)]
    [InlineData(80, 4000)]
    [InlineData(95, 8000)]
    [InlineData(100, 8000)]
    public void A_slice_is_as_short_as_a_rest_of_a_millisecond_allows(int share, int sliceUs)
    {
        var pace = new WorkPace { SharePercent = share };

        Assert.Equal(sliceUs, (int)pace.SliceOf(isBeside: true).TotalMicroseconds);
        Assert.Equal(8 * Millisecond, pace.SliceOf(isBeside: false));
    }

    [Fact]
    public void A_slice_has_the_rows_that_fit_its_time()
    {
        var pace = new WorkPace { SharePercent = 50 };

        Assert.Equal(20, pace.NextRowCount(new PastSlice(40, 2 * Millisecond), isBeside: true));
        Assert.Equal(80, pace.NextRowCount(new PastSlice(40, 2 * Millisecond), isBeside: false));
        Assert.Equal(160, pace.NextRowCount(new PastSlice(200, 10 * Millisecond), isBeside: false));
    }

    [Fact]
    public void A_slice_has_a_row_however_slow_it_is_and_grows_step_by_step()
    {
        var pace = new WorkPace();
        var fast = new PastSlice(200, TimeSpan.Zero);

        Assert.Equal(1, pace.NextRowCount(new PastSlice(3, 9000 * Millisecond), isBeside: true));
        Assert.Equal(6, pace.NextRowCount(new PastSlice(3, TimeSpan.Zero), isBeside: true));
        Assert.Equal(WorkPace.RowCountMax, pace.NextRowCount(fast, isBeside: false));
        Assert.InRange(pace.NextRowCount(default, isBeside: true), 1, 64);
        Assert.InRange(pace.NextStoredCount(fast, isBeside: true), 1, 64);
        Assert.Equal(WorkPace.RowCountMax, pace.NextStoredCount(fast, isBeside: false));
    }

    [Fact]
    public void Statements_are_noticed_while_they_run_and_for_two_seconds()
    {
        var clock = new ManualClock();
        var activity = new StatementActivity(clock) { IsWatched = true };
        Assert.False(activity.Look());

        Assert.True(activity.Enter());
        Assert.True(activity.Look());
        clock.Now += 60_000 * Millisecond;
        Assert.True(activity.Look());
        activity.Leave();

        clock.Now += 1900 * Millisecond;
        Assert.True(activity.Look());
        clock.Now += 200 * Millisecond;
        Assert.False(activity.Look());
    }

    [Fact]
    public void Nobody_is_counted_while_no_work_is_awake()
    {
        var activity = new StatementActivity(new ManualClock());

        Assert.False(activity.Enter());
        Assert.True(activity.Look());
    }
}
