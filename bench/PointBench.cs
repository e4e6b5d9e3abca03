namespace NeuroDb.Bench;

/// <summary>
/// Prepared statements that touch one row: SELECT by primary key and INSERT without waiting for
/// the device, in turns with SQLite in memory through its C interface.
/// </summary>
internal static class PointBench
{
    private const double WarmUpMs = 500;
    private const double SampleMs = 1;

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
        using Session other = database.OpenSession();
        using Statement within = other.Prepare("SELECT v FROM t WHERE id = ?");
        Action ownWithin = () => sum += Select(within, (long)(random.NextUInt64() % (ulong)rows));
        using SqlitePointPeer? peer = SqlitePointPeer.TryCreate(rows);
        List<Action> actions = [ownSelect, ownInsert];
        if (peer is null)
        {
            report.Note("SQLite is not installed; run bench/peers/install.sh");
        }
        else
        {
            actions.Add(() => sum += peer.Select((long)(random.NextUInt64() % (ulong)rows)));
            actions.Add(() => peer.Insert(next++));
        }

        Timing[] times = Timing.InTurns(samples, WarmUpMs, SampleMs, actions);
        other.Execute("BEGIN");
        Timing inTransaction = Timing.InTurns(samples, WarmUpMs, SampleMs, [ownWithin])[0];
        other.Execute("ROLLBACK");
        report.Row("statement", "NeuroStore us", "SQLite us", "SQLite / NeuroStore");
        AddRow(report, "select", times[0], peer is null ? null : times[2]);
        AddRow(report, "select_within", inTransaction, null);
        AddRow(report, "insert", times[1], peer is null ? null : times[3]);
        report.Note($"checksum {sum:G6}; SQLite runs in memory, in autocommit, through P/Invoke");
        report.Print(arguments);
    }

    private static double Select(Statement statement, long id)
    {
        using ResultReader reader = statement.Query(id);
        return reader.Read() ? reader.GetDouble(0) : 0;
    }

    private static void AddRow(BenchReport report, string name, Timing own, Timing? peer)
    {
        double ownUs = own.MedianUs;
        report.Figure($"{name}_us", ownUs);
        if (peer is null)
        {
            report.Row(name, Timing.Cell(ownUs), "-", "-");
            return;
        }

        double peerUs = peer.MedianUs;
        report.Figure($"{name}_ratio", peerUs / ownUs);
        report.Row(name, Timing.Cell(ownUs), Timing.Cell(peerUs), Timing.Cell(peerUs / ownUs));
    }
}
