namespace NeuroDb.Tests.Unit;

/// <summary>Many sessions on one database at once: what must hold whatever their order.</summary>
public sealed class ConcurrencyTests
{
    private const int ThreadCount = 4;
    private const int AccountCount = 12;
    private const long SumOfBalances = AccountCount * 1000;

    [Fact]
    public void Transfers_keep_the_sum_that_every_reader_sees()
    {
        using NeuroStore bank = NeuroStore.OpenInMemory();
        bank.Execute("CREATE TABLE accounts (id BIGINT PRIMARY KEY, balance BIGINT NOT NULL)");
        for (int id = 0; id < AccountCount; id++)
        {
            bank.Execute("INSERT INTO accounts VALUES (?, 1000)", id);
        }

        long conflicts = 0;
        RunThreads((thread, random) =>
        {
            using Session session = bank.OpenSession();
            for (int i = 0; i < 200; i++)
            {
                if (thread == 0)
                {
                    Assert.Equal(
                        SumOfBalances,
                        session.QueryScalar<long>("SELECT sum(balance) FROM accounts"));
                }
                else if (!TryTransfer(session, random))
                {
                    Interlocked.Increment(ref conflicts);
                }
            }
        });
        Assert.Equal(
            SumOfBalances, bank.QueryScalar<long>("SELECT sum(balance) FROM accounts"));
        Assert.InRange(conflicts, 0, 200 * (ThreadCount - 1));
    }

    [Fact]
    public void No_increment_is_lost()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute("CREATE TABLE c (n BIGINT); INSERT INTO c VALUES (0)");
        RunThreads((thread, random) =>
        {
            using Session session = database.OpenSession();
            for (int done = 0; done < 100;)
            {
                try
                {
                    session.Execute("UPDATE c SET n = n + 1");
                    done++;
                }
                catch (ConflictException error)
                {
                    Assert.True(error.IsTransient);
                }
            }
        });
        Assert.Equal(100 * ThreadCount, database.QueryScalar<long>("SELECT n FROM c"));
    }

    [Fact]
    public void A_key_is_taken_once()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute("CREATE TABLE k (id BIGINT PRIMARY KEY, name TEXT UNIQUE, who BIGINT)");
        long taken = 0;
        RunThreads((thread, random) =>
        {
            using Session session = database.OpenSession();
            for (int i = 0; i < 150; i++)
            {
                try
                {
                    session.Execute(
                        "INSERT INTO k VALUES (?, ?, ?)", i, $"name {i % 120}", thread);
                    Interlocked.Increment(ref taken);
                }
                catch (NeuroStoreException error)
                {
                    Assert.Contains(
                        error.Code,
                        (ErrorCode[])[ErrorCode.UniqueViolation, ErrorCode.WriteConflict]);
                }
            }
        });
        Assert.Equal(120, taken);
        Assert.Equal(
            120, database.QueryScalar<long>("SELECT count(DISTINCT name) FROM k WHERE id >= 0"));
    }

    [Fact]
    public void Prepared_statements_follow_tables_that_are_made_anew()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute("CREATE TABLE shape (a BIGINT); INSERT INTO shape VALUES (1)");
        using Session later = database.OpenSession();
        using Statement prepared = later.Prepare("SELECT * FROM shape");
        Assert.Equal(1, Read(prepared));
        RunThreads((thread, random) =>
        {
            using Session session = database.OpenSession();
            using Statement all = session.Prepare("SELECT * FROM shape");
            using Statement insert = session.Prepare("INSERT INTO shape (a) VALUES (?)");
            for (int i = 0; i < 120; i++)
            {
                if (thread == 0)
                {
                    MakeShape(session, (int)(random.NextUInt64() % 3));
                    continue;
                }

                Allow(() => Read(all), ErrorCode.UnknownTable);
                Allow(
                    () => insert.Execute(i),
                    ErrorCode.UnknownTable,
                    ErrorCode.WriteConflict,
                    ErrorCode.UniqueViolation,
                    ErrorCode.DimensionMismatch,
                    ErrorCode.InvalidText);
            }
        });
        for (int shape = 0; shape < 3; shape++)
        {
            MakeShape(later, shape);
            Assert.Equal(1, Read(prepared));
        }
    }

    [Fact]
    public void A_reader_keeps_its_snapshot_while_the_table_is_changed_and_dropped()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute("CREATE TABLE t (id BIGINT PRIMARY KEY, v VECTOR(3))");
        using (Appender appender = database.CreateAppender("t"))
        {
            for (int id = 0; id < 10_000; id++)
            {
                appender.AppendRow(id, new float[] { id, 1, 2 });
            }

            appender.Complete();
        }

        using ResultReader reader = database.Query("SELECT id, v FROM t");
        Assert.True(reader.Read());
        database.Execute("UPDATE t SET v = '[0, 0, 0]'; DELETE FROM t WHERE id % 2 = 0");
        database.Execute("DROP TABLE t; CREATE TABLE t (other TEXT)");
        int count = 0;
        do
        {
            Assert.Equal(reader.GetInt64(0), reader.GetVector(1).Span[0]);
            count++;
        }
        while (reader.Read());
        Assert.Equal(10_000, count);
    }

    [Fact]
    public async Task Many_commits_in_flight_share_their_writes()
    {
        var files = new MemoryFileSystem(keepsJournal: false);
        var options = new NeuroStoreOptions { Seams = SystemSeams.Real() with { Files = files } };
        await using NeuroStore database = NeuroStore.Open("/many/db", options);
        database.Execute("CREATE TABLE t (id BIGINT PRIMARY KEY)");
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async writer =>
        {
            await using Session session = database.OpenSession();
            using Statement insert = session.Prepare("INSERT INTO t VALUES (?)");
            for (int i = 0; i < 20; i++)
            {
                Assert.Equal(1, await insert.ExecuteAsync((writer * 100) + i));
            }
        }));
        Assert.Equal(64 * 20, database.QueryScalar<long>("SELECT count(*) FROM t"));
    }

    private static bool TryTransfer(Session session, SeededRandomSource random)
    {
        long from = (long)(random.NextUInt64() % AccountCount);
        long to = (long)(random.NextUInt64() % AccountCount);
        long amount = (long)(random.NextUInt64() % 50);
        try
        {
            using Transaction transaction = session.BeginTransaction();
            long balance = session.QueryScalar<long>(
                "SELECT balance FROM accounts WHERE id = ?", from);
            session.Execute(
                "UPDATE accounts SET balance = ? WHERE id = ?", balance - amount, from);
            session.Execute(
                "UPDATE accounts SET balance = balance + ? WHERE id = ?", amount, to);
            Assert.Equal(
                SumOfBalances, session.QueryScalar<long>("SELECT sum(balance) FROM accounts"));
            transaction.Commit();
            return true;
        }
        catch (ConflictException)
        {
            return false;
        }
    }

    private static void MakeShape(Session session, int shape)
    {
        string columns = shape switch
        {
            0 => "a BIGINT",
            1 => "b TEXT DEFAULT 'x', a TEXT",
            _ => "a BIGINT PRIMARY KEY, v VECTOR(2)",
        };
        string script = "DROP TABLE IF EXISTS shape; "
            + $"CREATE TABLE shape ({columns}); INSERT INTO shape (a) VALUES (-1)";

        // Rows that others insert into the table meanwhile win over its drop.
        while (Allow(() => session.Execute(script) + 1, ErrorCode.WriteConflict) == 0)
        {
        }
    }

    private static long Read(Statement statement)
    {
        using ResultReader reader = statement.Query();
        long rows = 0;
        while (reader.Read())
        {
            for (int i = 0; i < reader.FieldCount; i++)
            {
                Type type = reader.GetFieldType(i);
                Assert.True(reader.GetValue(i) is null || reader.GetValue(i)!.GetType() == type);
            }

            rows++;
        }

        return rows;
    }

    private static long Allow(Func<long> call, params ReadOnlySpan<ErrorCode> codes)
    {
        try
        {
            return call();
        }
        catch (NeuroStoreException error) when (codes.Contains(error.Code))
        {
            return 0;
        }
    }

    private static void RunThreads(Action<int, SeededRandomSource> body)
    {
        var failures = new Exception?[ThreadCount];
        var threads = new Thread[ThreadCount];
        for (int i = 0; i < ThreadCount; i++)
        {
            int own = i;
            threads[i] = new Thread(() => failures[own] = Record.Exception(
                () => body(own, new SeededRandomSource((ulong)own + 11))));
            threads[i].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.All(failures, Assert.Null);
    }
}
