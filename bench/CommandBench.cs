using System.Data.Common;
using System.Globalization;
using NeuroDb.Data;

namespace NeuroDb.Bench;

/// <summary>
/// ADO.NET commands by the key of one row: a prepared command run many times, and the same commands
/// as batches, in one transaction in memory and each with its commit on the device.
/// </summary>
internal static class CommandBench
{
    private static readonly (string Name, string Sql, bool IsQuery)[] Kinds =
    [
        ("SELECT", "SELECT v FROM t WHERE id = @key", true),
        ("UPDATE", "UPDATE t SET v = v + 1 WHERE id = @key", false),
        ("DELETE", "DELETE FROM t WHERE id = @key", false),
        ("INSERT", "INSERT INTO t VALUES (@key, @key, 1, 'new')", false),
    ];

    /// <summary>Options: --rows 200000 --commands 20000 --batch 1000 --rounds 5.</summary>
    public static void Run(BenchArguments arguments)
    {
        int rows = arguments.Number("rows", 200_000);
        int commands = arguments.Number("commands", 20_000);
        int batch = arguments.Number("batch", 1000);
        int rounds = arguments.Number("rounds", 5);
        var report = new BenchReport(string.Create(
            CultureInfo.InvariantCulture,
            $"commands by key over {rows:N0} rows, prepared or {batch} in a batch, us each"));
        report.Row(
            "command", "in a transaction: prepared", "batch", "gain",
            "with commits: prepared", "batch", "gain");
        using var folder = new TemporaryFolder("commands");
        using var connection = new NeuroConnection("Data Source=" + folder.File("t.neuro"));
        connection.Open();
        foreach ((string name, string sql, bool isQuery) in Kinds)
        {
            Fill(connection, rows);
            var cells = new List<string> { name };
            foreach (bool commits in new[] { false, true })
            {
                int count = commits && !isQuery ? commands / 20 : commands;
                double single = double.PositiveInfinity;
                double together = double.PositiveInfinity;
                var random = new SeededRandomSource(5);
                for (int round = 0; round < rounds; round++)
                {
                    long[] keys = Keys(name, random, rows, count);
                    single = Math.Min(single, Measure(connection, commits, count, transaction =>
                        RunPrepared(connection, transaction, sql, isQuery, keys)));
                    keys = Keys(name, random, rows, count);
                    together = Math.Min(together, Measure(connection, commits, count,
                        transaction => RunBatches(
                            connection, transaction, sql, isQuery, keys, batch)));
                }

                cells.AddRange(
                [
                    Timing.Cell(single), Timing.Cell(together), Timing.Cell(single / together),
                ]);
            }

            report.Row([.. cells]);
        }

        report.Note("processor time of the thread in a transaction, elapsed time with commits");
        report.Print(arguments);
    }

    private static void Fill(NeuroConnection connection, int rows)
    {
        foreach (string sql in new[]
        {
            "DROP TABLE IF EXISTS t",
            "CREATE TABLE t (id BIGINT PRIMARY KEY, code BIGINT UNIQUE, v BIGINT, s TEXT)",
            string.Create(
                CultureInfo.InvariantCulture,
                $"INSERT INTO t SELECT i, i * 7, i, 'row ' || i FROM range(1, {rows + 1}) AS g(i)"),
            "CHECKPOINT",
        })
        {
            using NeuroCommand command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }

    // New rows have negative keys.
    private static long[] Keys(string name, SeededRandomSource random, int rows, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ => name == "INSERT"
            ? -(long)(random.NextUInt64() >> 2)
            : 1 + (long)(random.NextUInt64() % (ulong)rows)),
    ];

    private static double Measure(
        NeuroConnection connection, bool commits, int count, Action<DbTransaction?> run)
    {
        if (commits)
        {
            long start = TimeProvider.System.GetTimestamp();
            run(null);
            return TimeProvider.System.GetElapsedTime(start).TotalMicroseconds / count;
        }

        using NeuroTransaction transaction = connection.BeginTransaction();
        double spent = ThreadTime.Of(() => run(transaction)) / 1e3 / count;
        transaction.Rollback();
        return spent;
    }

    private static void RunPrepared(
        NeuroConnection connection,
        DbTransaction? transaction,
        string sql,
        bool isQuery,
        long[] keys)
    {
        using DbCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        var parameter = new NeuroParameter { ParameterName = "@key", Value = 0L };
        command.Parameters.Add(parameter);
        command.Prepare();
        foreach (long key in keys)
        {
            parameter.Value = key;
            if (isQuery)
            {
                using DbDataReader reader = command.ExecuteReader();
                ReadAll(reader);
            }
            else
            {
                command.ExecuteNonQuery();
            }
        }
    }

    private static void RunBatches(
        NeuroConnection connection,
        DbTransaction? transaction,
        string sql,
        bool isQuery,
        long[] keys,
        int size)
    {
        foreach (long[] some in keys.Chunk(size))
        {
            using DbBatch batch = connection.CreateBatch();
            batch.Transaction = transaction;
            foreach (long key in some)
            {
                DbBatchCommand command = batch.CreateBatchCommand();
                command.CommandText = sql;
                command.Parameters.Add(
                    new NeuroParameter { ParameterName = "@key", Value = key });
                batch.BatchCommands.Add(command);
            }

            if (isQuery)
            {
                using DbDataReader reader = batch.ExecuteReader();
                ReadAll(reader);
            }
            else
            {
                batch.ExecuteNonQuery();
            }
        }
    }

    private static void ReadAll(DbDataReader reader)
    {
        do
        {
            while (reader.Read())
            {
                _ = reader.GetInt64(0);
            }
        }
        while (reader.NextResult());
    }
}
