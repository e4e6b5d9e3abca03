namespace NeuroDb.Tests.Sql;

/// <summary>
/// Random statements give what SQLite gives, and what other forms of the same statement give.
/// A longer run: <c>-- differ --count N --seed S</c>.
/// </summary>
public sealed class DifferentialTests
{
    [SqliteFact]
    public void Random_statements_give_what_sqlite_gives()
    {
        for (int seed = 1; seed <= 6; seed++)
        {
            using var run = new DifferentialRun(seed);
            run.AgainstSqlite(300);
            Assert.Equal([], run.Faults.Take(5));
        }
    }

    [SqliteFact]
    public void Transactions_keep_and_refuse_what_sqlite_keeps_and_refuses()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            using var run = new DifferentialRun(seed);
            run.Transactions(200);
            Assert.Equal([], run.Faults.Take(5));
        }
    }

    [Fact]
    public void The_rows_where_a_condition_is_true_false_and_null_are_all_rows() =>
        Check(run => run.Partitions(300));

    [Fact]
    public void Parameters_and_a_second_run_change_no_answer() =>
        Check(run => run.Parameters(300));

    [Fact]
    public void A_condition_keeps_as_many_rows_as_it_is_true_for() =>
        Check(run => run.Unoptimized(300));

    [Fact]
    public void Indexes_and_segments_change_no_answer() => Check(run => run.Indexes(300));

    [Fact]
    public void Rows_one_by_one_are_the_rows_together() => Check(run => run.SingleRows(60));

    [Fact]
    public void Threads_and_memory_change_no_answer() => Check(run => run.Settings(200));

    [Fact]
    public void A_limit_takes_the_first_rows() => Check(run => run.Limits(300));

    [Fact]
    public void The_best_vectors_are_the_first_of_the_full_sort() =>
        Check(run => run.Vectors(200));

    private static void Check(Action<DifferentialRun> act)
    {
        using var run = new DifferentialRun(7);
        act(run);
        Assert.True(run.Compared > 0, "nothing was compared");
        Assert.Equal([], run.Faults.Take(5));
    }
}
