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
    [InlineData(100, 40, 1)]
    public void Beside_statements_work_is_its_share_of_work_and_rest(
        int share, int workedMs, int restMs)
    {
        var pace = new WorkPace { SharePercent = share };

        Assert.Equal(restMs * Millisecond, pace.RestAfter(workedMs * Millisecond, isBeside: true));
        Assert.Equal(Millisecond, pace.RestAfter(workedMs * Millisecond, isBeside: false));
    }

    [Fact]
    public void A_slice_fits_a_millisecond_beside_statements_and_eight_alone()
    {
        Assert.Equal(20, WorkPace.NextRowCount(40, 2 * Millisecond, isBeside: true));
        Assert.Equal(80, WorkPace.NextRowCount(40, 2 * Millisecond, isBeside: false));
        Assert.Equal(160, WorkPace.NextRowCount(200, 10 * Millisecond, isBeside: false));
    }

    [Fact]
    public void A_slice_has_a_row_however_slow_it_is_and_grows_step_by_step()
    {
        Assert.Equal(1, WorkPace.NextRowCount(3, 9000 * Millisecond, isBeside: true));
        Assert.Equal(6, WorkPace.NextRowCount(3, TimeSpan.Zero, isBeside: true));
        Assert.Equal(
            WorkPace.RowCountMax, WorkPace.NextRowCount(200, TimeSpan.Zero, isBeside: false));
        Assert.InRange(WorkPace.NextRowCount(0, TimeSpan.Zero, isBeside: true), 1, 64);
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
