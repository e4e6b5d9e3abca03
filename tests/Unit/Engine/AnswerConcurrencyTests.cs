namespace NeuroDb.Tests.Unit;

/// <summary>Users change rows while work in the background changes the same ones.</summary>
public sealed class AnswerConcurrencyTests
{
    [Fact]
    public void No_statement_of_a_user_meets_the_work_in_the_background()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute("CREATE TABLE line AS SELECT 1.0 * i AS x, 2.0 * i AS y "
            + "FROM generate_series(1, 200) g (i)");
        database.Execute("CREATE MODEL f TYPE regressor PREDICT y USING linear AS "
            + "SELECT x, y FROM line");
        database.Execute("CREATE TABLE t (id BIGINT PRIMARY KEY, x DOUBLE, "
            + "p DOUBLE GENERATED ALWAYS AS (predict(f USING x)) STORED ASYNC)");
        database.Execute("INSERT INTO t (id, x) SELECT i, i FROM generate_series(1, 3000) g (i)");
        using Session session = database.OpenSession();
        int round = 0;
        long pending;
        do
        {
            // As many as there are rows in a batch of the work.
            round++;
            session.Execute(
                "UPDATE t SET x = x + 1 WHERE id % 100 = ? AND ? < 200", round % 100, round);
            using (Transaction transaction = session.BeginTransaction())
            {
                session.Execute("UPDATE t SET x = x + 1 WHERE id = ?", round % 3000);
                transaction.Commit();
            }

            pending = session.QueryScalar<long>(
                "SELECT pending_rows FROM neuro.embedding_lag");
        }
        while (pending > 3);

        Assert.Equal(0, session.QueryScalar<long>(
            "SELECT count(*) FROM t WHERE round(p) <> 2 * x"));
    }
}
