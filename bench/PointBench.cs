namespace NeuroDb.Bench;

/// <summary>
/// Prepared statements that touch one row: SELECT by primary key and INSERT without waiting for
/// the device, beside SQLite in memory through its C interface.
/// </summary>
internal static class PointBench
{
    private const int PerSample = 1000;

    /// <summary>Options: --rows 1000000 --samples 200.</summary>
    public static void Run(BenchArguments arguments)
    {
        int rows = arguments.Number("rows", 1_000_000);
        int samples = arguments.Number("samples", 200);
        var report = new BenchReport($"point: prepared one-row statements over {rows:N0} rows");
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute("CREATE TABLE t (id BIGINT PRIMARY KEY, v DOUBLE PRECISION)");
        using (Appender appender = database.CreateAppender("t"))
        {
            for (int i = 0; i < rows; i++)
            {
                appender.Append((long)i);
                appender.Append(i * 0.5);
                appender.EndRow();
            }

            appender.Complete();
        }

        using Session session = database.OpenSession();
        using Statement select = session.Prepare("SELECT v FROM t WHERE id = ?");
        using Statement insert = session.Prepare("INSERT INTO t VALUES (?, ?)");
        var random = new SeededRandomSource(7);
        double sum = 0;
        long next = rows;
        Action ownSelect = () => sum += Select(select, (long)(random.NextUInt64() % (ulong)rows));
        Action ownInsert = () => insert.Execute(next++, 1.5);
        Timing selectTime = Repeat(samples, ownSelect);
        Timing insertTime = Repeat(samples, ownInsert);
        report.Row("statement", "NeuroStore us", "SQLite us", "SQLite / NeuroStore");
        using SqlitePointPeer? peer = SqlitePointPeer.TryCreate(rows);
        if (peer is null)
        {
            report.Note("SQLite is not installed; run bench/peers/install.sh");
        }

        Action peerSelect = () => sum += peer!.Select((long)(random.NextUInt64() % (ulong)rows));
        Action peerInsert = () => peer!.Insert(next++);
        AddRow(report, "select", selectTime, peer is null ? null : Repeat(samples, peerSelect));
        AddRow(report, "insert", insertTime, peer is null ? null : Repeat(samples, peerInsert));
        report.Note($"checksum {sum:G6}; SQLite runs in memory, in autocommit, through P/Invoke");
        report.Print(arguments);
    }

    private static double Select(Statement statement, long id)
    {
        using ResultReader reader = statement.Query(id);
        return reader.Read() ? reader.GetDouble(0) : 0;
    }

    private static Timing Repeat(int samples, Action action) => Timing.Of(samples, 100, () =>
    {
        for (int i = 0; i < PerSample; i++)
        {
            action();
        }
    });

    private static void AddRow(BenchReport report, string name, Timing own, Timing? peer)
    {
        double ownUs = own.MedianUs / PerSample;
        report.Figure($"{name}_us", ownUs);
        if (peer is null)
        {
            report.Row(name, Timing.Cell(ownUs), "-", "-");
            return;
        }

        double peerUs = peer.MedianUs / PerSample;
        report.Figure($"{name}_ratio", peerUs / ownUs);
        report.Row(name, Timing.Cell(ownUs), Timing.Cell(peerUs), Timing.Cell(peerUs / ownUs));
    }
}
