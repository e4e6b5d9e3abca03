using NeuroDb.Data;

namespace NeuroDb.Tests.Unit;

/// <summary>Things that are closed, left or forgotten in any order.</summary>
public sealed class ClosingTests
{
    private const string Table =
        "CREATE TABLE t (id BIGINT PRIMARY KEY, s TEXT); INSERT INTO t VALUES (1, 'a'), (2, 'b')";

    [Fact]
    public void A_database_may_be_closed_under_everything_that_uses_it()
    {
        NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute(Table);
        Session session = database.OpenSession();
        Statement statement = session.Prepare("SELECT * FROM t");
        ResultReader unread = statement.Query();
        ResultReader half = database.Query("SELECT * FROM t");
        Assert.True(half.Read());
        Transaction transaction = session.BeginTransaction();
        session.Execute("DELETE FROM t");
        Appender appender = database.CreateAppender("t");
        appender.AppendRow(3, "c");
        database.Dispose();

        AssertClosed(() => session.Execute("SELECT 1"));
        AssertClosed(() => session.BeginTransaction());
        AssertClosed(() => statement.Query());
        AssertClosed(() => transaction.Commit());
        AssertClosed(() => appender.Complete());
        AssertClosed(() => session.GetTableNames());
        Assert.Throws<ObjectDisposedException>(() => database.OpenSession());
        Assert.Throws<ObjectDisposedException>(() => database.Execute("SELECT 1"));
        Assert.True(half.Read() || half.FieldCount == 2);

        appender.Dispose();
        transaction.Dispose();
        unread.Dispose();
        half.Dispose();
        statement.Dispose();
        session.Dispose();
        database.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Execute("SELECT 1"));
    }

    [Fact]
    public void A_transaction_that_is_open_when_its_database_closes_is_rolled_back_quietly()
    {
        using var folder = new TemporaryFolder();
        NeuroStore database = NeuroStore.Open(folder.Path);
        database.Execute(Table);
        using (Session session = database.OpenSession())
        using (Transaction transaction = session.BeginTransaction())
        {
            session.Execute("DELETE FROM t");
            database.Dispose();
        }

        using NeuroStore again = NeuroStore.Open(folder.Path);
        Assert.Equal(2, again.QueryScalar<long>("SELECT count(*) FROM t"));
    }

    [Fact]
    public void Threads_that_work_while_the_database_closes_get_a_clear_error()
    {
        for (int round = 0; round < 10; round++)
        {
            NeuroStore database = NeuroStore.OpenInMemory();
            database.Execute(Table);
            var failures = new Exception?[3];
            using var started = new CountdownEvent(failures.Length);
            Thread[] threads = [.. failures.Select((_, own) => new Thread(
                () => failures[own] = Record.Exception(
                    () => WorkUntilClosed(database, started, own))))];
            Array.ForEach(threads, thread => thread.Start());
            started.Wait();
            database.Dispose();
            Array.ForEach(threads, thread => thread.Join());
            Assert.All(failures, failure => Assert.True(
                failure is ObjectDisposedException or NeuroStoreException
                {
                    Code: ErrorCode.Closed,
                },
                failure?.ToString()));
        }
    }

    [Fact]
    public void Readers_that_nobody_reads_do_no_harm()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute(Table);
        for (int i = 0; i < 100; i++)
        {
            _ = database.Query("SELECT * FROM t");
            _ = database.CreateAppender("t");
        }

        using Session session = database.OpenSession();
        ResultReader open = session.Query("SELECT * FROM t ORDER BY id");
        session.Execute("DELETE FROM t WHERE id = 1");
        session.Execute("INSERT INTO t VALUES (7, 'g')");
        Assert.True(open.Read());
        Assert.Equal(1, open.GetInt64(0));
        Assert.Equal(2, session.QueryScalar<long>("SELECT count(*) FROM t"));
    }

    [Fact]
    public void An_appender_without_Complete_leaves_nothing()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute(Table);
        using (Appender appender = database.CreateAppender("t"))
        {
            appender.AppendRow(3, "c");
        }

        using Session session = database.OpenSession();
        using (Transaction transaction = session.BeginTransaction())
        {
            session.Execute("INSERT INTO t VALUES (4, 'd')");
            using (Appender forgotten = session.CreateAppender("t"))
            {
                for (int i = 0; i < 3000; i++)
                {
                    forgotten.AppendRow(100 + i, "x");
                }
            }

            using (Appender failing = session.CreateAppender("t"))
            {
                failing.AppendRow(5, "e");
                failing.AppendRow(1, "taken");
                Assert.Throws<ConstraintException>(failing.Complete);
            }

            using (Appender kept = session.CreateAppender("t"))
            {
                kept.AppendRow(6, "f");
                kept.Complete();
            }

            transaction.Commit();
        }

        Assert.Equal(4, database.QueryScalar<long>("SELECT count(*) FROM t"));
        Assert.Equal(13, database.QueryScalar<long>("SELECT sum(id) FROM t"));
    }

    [Fact]
    public void A_session_leaves_its_settings_to_nobody()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using (Session session = database.OpenSession())
        {
            session.Execute("SET durability = none");
            Assert.Equal("none", session.QueryScalar<string>("SHOW durability"));
        }

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("full", database.QueryScalar<string>("SHOW durability"));
        }
    }

    [Fact]
    public void A_database_stays_open_for_the_connections_to_it()
    {
        using var folder = new TemporaryFolder();
        NeuroStore database = NeuroStore.Open(folder.Path);
        NeuroConnection connection = database.DataSource.OpenConnection();
        database.Dispose();
        using (var command = new NeuroCommand(Table, connection))
        {
            command.ExecuteNonQuery();
        }

        Assert.Throws<NeuroStoreException>(() => NeuroStore.Open(folder.Path));
        connection.Dispose();
        using NeuroStore again = NeuroStore.Open(folder.Path);
        Assert.Equal(2, again.QueryScalar<long>("SELECT count(*) FROM t"));
    }

    private static void AssertClosed(Action call) => Assert.Equal(
        ErrorCode.Closed, Assert.Throws<NeuroStoreException>(call).Code);

    private static void WorkUntilClosed(NeuroStore database, CountdownEvent started, int own)
    {
        using Session session = database.OpenSession();
        session.Execute("SELECT 1");
        started.Signal();
        for (long i = 0; ; i++)
        {
            session.Execute("INSERT INTO t VALUES (?, 'w')", ((own + 1) * 1_000_000) + i);
            session.QueryScalar<long>("SELECT count(*) FROM t");
        }
    }
}
