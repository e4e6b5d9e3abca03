using NeuroDb.Neural;
using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

/// <summary>Seasons, units and steps of series.</summary>
public sealed class TimeStepTests
{
    private const long Day = 24L * 60 * 60 * 1_000_000;

    [Fact]
    public void Months_go_on_by_the_calendar()
    {
        long[] times = [.. Enumerable.Range(1, 5).Select(
            static month => (long)(new DateTime(2024, month, 1) - DateTime.UnixEpoch).TotalDays)];
        TimeStep step = TimeStep.Of(times, DataType.Date);
        Assert.Equal(1, step.Months);
        Assert.Equal(
            (long)(new DateTime(2025, 1, 1) - DateTime.UnixEpoch).TotalDays,
            step.After(times[^1], 8, DataType.Date));
        long[] moments = [.. times.Select(static it => (it * Day) + 7)];
        Assert.Equal(
            (long)(new DateTime(2024, 6, 1) - DateTime.UnixEpoch).TotalDays * Day + 7,
            TimeStep.Of(moments, DataType.Timestamp).After(moments[^1], 1, DataType.Timestamp));
    }

    [Fact]
    public void The_usual_distance_counts_and_others_are_told()
    {
        TimeStep step = TimeStep.Of([0, 10, 20, 35, 45], DataType.BigInt);
        Assert.Equal(new TimeStep(0, 10, 1), step);
        Assert.Equal(65, step.After(45, 2, DataType.BigInt));
        Assert.Equal(1, TimeStep.Of([7], DataType.BigInt).Distance);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(12)]
    [InlineData(24)]
    public void A_season_is_found_under_a_trend(int season)
    {
        double[] values = [.. Enumerable.Range(0, 40 * season).Select(i =>
            (0.3 * i) + (10 * Math.Sin(2 * Math.PI * i / season)) + (i * 7919 % 101 / 101.0))];
        Assert.Equal(season, SeasonFinder.Find(values).Season);
    }

    [Fact]
    public void What_does_not_repeat_itself_has_no_season()
    {
        var random = new SeededRandomSource(3);
        double[] values = [.. Enumerable.Range(0, 500).Select(
            _ => (double)(random.NextUInt64() >> 40))];
        Assert.Equal(1, SeasonFinder.Find(values).Season);
        Assert.Equal(1, SeasonFinder.Find([1, 2, 3]).Season);
        Assert.Equal(1, SeasonFinder.Find(new double[100]).Season);
    }

    [Fact]
    public void A_window_has_no_unit_and_comes_back()
    {
        var small = new float[4];
        var large = new float[4];
        SeriesWindow first = SeriesWindow.Fill([1, 3, 2, 6], 1, small);
        SeriesWindow second = SeriesWindow.Fill([1000, 3000, 2000, 6000], 1, large);
        Assert.Equal(small, large);
        Assert.Equal(6, first.Out(first.In(6)), 1e-6);
        Assert.Equal(6000, second.Out(second.In(6000)), 1e-3);
        SeriesWindow flat = SeriesWindow.Fill([5, 5], 1, new float[2]);
        Assert.Equal(1, flat.Spread);
    }
}
