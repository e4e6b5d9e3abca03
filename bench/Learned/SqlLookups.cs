namespace NeuroDb.Bench;

/// <summary>
/// Lists of 1,000 keys through SQL: a prepared IN by the primary key and by an index, and joins of
/// 1,000 rows by each, over a table in segments; the rows are read. Thread time for each key.
/// </summary>
internal static class SqlLookups
{
    private const int KeyCount = 1000;
    private const int SetCount = 20;
    private const ulong Multiplier = 2_654_435_761;
    private const ulong Modulus = 1_000_000_007;

    /// <summary>Measures, and prints one line.</summary>
    public static void Run(BenchArguments arguments)
    {
        int count = arguments.Number("count", 1_000_000);
        int loops = arguments.Number("lookups", 5_000_000) / KeyCount;
        string path = Directory.CreateTempSubdirectory("learned-sql-").FullName;
        try
        {
            using (NeuroStore database = NeuroStore.Open(path))
            {
                using Session session = database.OpenSession();
                Load(session, count);
                var report = new BenchReport(
                    $"learned --sql: {KeyCount:N0} keys in a table of {count:N0} rows, ns a key");
                report.Row("way", "ns");
                Add(report, "in_primary_ns", In(session, "id", KeyOf, count, loops));
                Add(report, "in_index_ns", In(session, "k", NumberOf, count, loops));
                Add(report, "join_primary_ns", Join(session, "id", loops));
                Add(report, "join_index_ns", Join(session, "k", loops));
                report.Print(arguments);
            }
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static void Add(BenchReport report, string name, double ns)
    {
        report.Row(name, Timing.Cell(ns));
        report.Figure(name, ns);
    }

    private static void Load(Session session, int count)
    {
        session.Execute("CREATE TABLE t (id BIGINT PRIMARY KEY, k BIGINT, v BIGINT)");
        using (Appender rows = session.CreateAppender("t"))
        {
            for (long i = 0; i < count; i++)
            {
                rows.Append(KeyOf(i)).Append(NumberOf(i)).Append(i).EndRow();
            }

            rows.Complete();
        }

        session.Execute("CREATE INDEX t_k ON t (k)");
        session.Execute("CHECKPOINT");
        session.Execute("CREATE TEMP TABLE q (id BIGINT, k BIGINT)");
        var random = new DrawSource(7);
        using Appender keys = session.CreateAppender("q");
        for (int i = 0; i < KeyCount; i++)
        {
            long row = (long)(random.Next() % (ulong)count);
            keys.Append(KeyOf(row)).Append(NumberOf(row)).EndRow();
        }

        keys.Complete();
    }

    private static long KeyOf(long row) => (7 * row) + 1;

    private static long NumberOf(long row) => (long)((ulong)row * Multiplier % Modulus);

    private static double In(
        Session session, string column, Func<long, long> keyOf, int count, int loops)
    {
        string list = string.Join(",", Enumerable.Repeat("?", KeyCount));
        using Statement statement = session.Prepare($"SELECT v FROM t WHERE {column} IN ({list})");
        var random = new DrawSource(42);
        var sets = new object?[SetCount][];
        for (int i = 0; i < SetCount; i++)
        {
            sets[i] = [.. Enumerable.Range(0, KeyCount)
                .Select(_ => (object?)keyOf((long)(random.Next() % (ulong)count)))];
        }

        return Best(loops, i => statement.Query(sets[i % SetCount]));
    }

    private static double Join(Session session, string column, int loops)
    {
        using Statement statement = session.Prepare(
            $"SELECT t.v FROM q JOIN t ON t.{column} = q.{column}");
        return Best(loops, _ => statement.Query());
    }

    private static double Best(int loops, Func<int, ResultReader> query)
    {
        void All()
        {
            for (int i = 0; i < loops; i++)
            {
                using ResultReader rows = query(i);
                long sum = 0;
                while (rows.Read())
                {
                    sum += rows.GetInt64(0);
                }

                GC.KeepAlive(sum);
            }
        }

        All();
        double[] samples = [.. Enumerable.Range(0, 3).Select(_ => ThreadTime.Of(All))];
        return samples.Order().ElementAt(1) / ((double)loops * KeyCount);
    }
}
