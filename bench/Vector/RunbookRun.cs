using System.Diagnostics;

namespace NeuroDb.Bench;

/// <summary>The database of a <see cref="RunbookBench"/>, step by step.</summary>
internal sealed class RunbookRun : IDisposable
{
    private const int RowsInCommit = 1000;
    private const int NearestCount = 10;
    private const int MovedEvery = 3;
    private const int CheckpointEvery = 4;
    private const double Tolerance = 1e-9;
    private readonly string _path;
    private readonly Runbook _book;
    private readonly string _sign;
    private NeuroStore _database;
    private Session _session;

    /// <summary>Makes the table.</summary>
    public RunbookRun(string path, Runbook book, string operators, string sign)
    {
        _path = path;
        _book = book;
        _sign = sign;
        _database = NeuroStore.Open(path);
        _session = _database.OpenSession();
        _session.Execute(
            "CREATE TABLE items (id BIGINT PRIMARY KEY, cluster INT, "
            + $"vec VECTOR({book.Rows.Dimension}))");
        _session.Execute($"CREATE INDEX items_vec ON items USING vector (vec {operators})");
    }

    /// <summary>Does a step, and asks.</summary>
    public RunbookStep Step(int step)
    {
        if (step == _book.ClusterCount / 2)
        {
            Dispose();
            _database = NeuroStore.Open(_path);
            _session = _database.OpenSession();
        }

        long start = Stopwatch.GetTimestamp();
        int[] rows = _book.Members(step);
        Insert(rows, step);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        int gone = step - _book.Window;
        if (gone >= 0)
        {
            _session.Execute("DELETE FROM items WHERE cluster = ?", gone);
        }

        if (step % MovedEvery == MovedEvery - 1)
        {
            // Rows of one cluster go where another one is.
            float[] shift = _book.Rows.Row(_book.Members(step)[0]);
            _session.Execute(
                "UPDATE items SET vec = vec * 0.5 + ? WHERE cluster = ?",
                Array.ConvertAll(shift, static element => element / 2),
                step - 1);
        }

        if (step % CheckpointEvery == CheckpointEvery - 1)
        {
            _session.Execute("CHECKPOINT");
        }

        start = Stopwatch.GetTimestamp();
        double newest = Recall(_book.Queries(step), out double ms);
        return new RunbookStep(
            _session.QueryScalar<long>("SELECT count(*) FROM items"),
            newest,
            gone >= 0 ? Recall(_book.Queries(gone), out _) : double.NaN,
            Recall(_book.Queries(), out _),
            rows.Length / seconds,
            ms);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        _database.Dispose();
    }

    private void Insert(int[] rows, int cluster)
    {
        VectorFile data = _book.Rows;
        foreach (int[] some in rows.Chunk(RowsInCommit))
        {
            using Appender appender = _session.CreateAppender("items");
            foreach (int row in some)
            {
                appender.Append((long)row);
                appender.Append(cluster);
                appender.Append(data.Vectors.AsMemory(row * data.Dimension, data.Dimension));
                appender.EndRow();
            }

            appender.Complete();
        }
    }

    private double Recall(IEnumerable<float[]> queries, out double queryMs)
    {
        int hits = 0;
        int wanted = 0;
        int count = 0;
        long spent = 0;
        using Statement search = _session.Prepare(
            $"SELECT vec {_sign} $1 FROM items ORDER BY vec {_sign} $1 LIMIT {NearestCount}");
        foreach (float[] query in queries)
        {
            _session.Execute("SET ann = on");
            long start = Stopwatch.GetTimestamp();
            double[] found = SearchedDistances.Of(search, query);
            spent += Stopwatch.GetTimestamp() - start;
            _session.Execute("SET ann = off");
            double[] exact = SearchedDistances.Of(search, query);
            double bound = exact[^1] + (Math.Abs(exact[^1]) * Tolerance);
            wanted += exact.Length;
            hits += found.Count(distance => distance <= bound);
            count++;
        }

        _session.Execute("SET ann = on");
        queryMs = count == 0 ? 0 : 1e3 * spent / Stopwatch.Frequency / count;
        return wanted == 0 ? double.NaN : (double)hits / wanted;
    }
}
