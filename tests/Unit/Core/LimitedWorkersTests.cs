namespace NeuroDb.Tests.Unit;

/// <summary>Fewer threads than a database has.</summary>
public sealed class LimitedWorkersTests
{
    private static readonly IWorkers All = SystemSeams.Real().Workers;

    [Theory]
    [InlineData(1, 100)]
    [InlineData(2, 100)]
    [InlineData(2, 1)]
    [InlineData(1, 0)]
    public void Every_piece_is_done_once(int threads, int count)
    {
        var done = new int[count];

        new LimitedWorkers(All, threads).ForEach(count, i => Interlocked.Increment(ref done[i]));

        Assert.All(done, static times => Assert.Equal(1, times));
    }

    [Fact]
    public void One_thread_is_that_of_the_caller()
    {
        var workers = new LimitedWorkers(All, 1);
        int own = Environment.CurrentManagedThreadId;

        workers.ForEach(64, _ => Assert.Equal(own, Environment.CurrentManagedThreadId));

        Assert.Equal(1, workers.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_failure_ends_the_loop_and_is_raised(int threads)
    {
        int begun = 0;

        Assert.Throws<InvalidOperationException>(() => new LimitedWorkers(All, threads).ForEach(
            1_000_000,
            _ =>
            {
                Interlocked.Increment(ref begun);
                throw new InvalidOperationException();
            }));

        Assert.InRange(begun, 1, threads);
    }

    [Fact]
    public void There_are_never_more_threads_than_there_are()
    {
        Assert.Equal(All.Count, new LimitedWorkers(All, All.Count + 5).Count);
    }
}
