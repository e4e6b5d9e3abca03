namespace NeuroDb.Bench;

/// <summary>Predictions through a SELECT, on one thread, from a table in memory.</summary>
internal static class PredictionBench
{
    private const int Rows = 1_000_000;

    /// <summary>Measures and reports.</summary>
    public static void Run(BenchArguments arguments)
    {
        var report = new BenchReport("predict: a small network, by SELECT on one thread");
        double rows = Measure();
        report.Row("predict 2-64-64-1", $"{rows:F1} M rows/s", "", "");
        report.Figure("predict_mrows", rows);
        report.Print(arguments);
    }

    /// <summary>Millions of rows a second of processor time, reading the table included.</summary>
    public static double Measure()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        session.Execute("SET threads = 1");
        session.Execute("CREATE TABLE t (a DOUBLE, b DOUBLE)");
        using (Appender appender = session.CreateAppender("t"))
        {
            for (int i = 0; i < Rows; i++)
            {
                appender.AppendRow((i * 7919 % 1000 / 1000.0) - 0.5, i % 17 / 17.0);
            }

            appender.Complete();
        }

        session.Execute(
            "CREATE MODEL net TYPE regressor PREDICT y USING mlp(64, 64) WITH (epochs = 1) "
            + "AS SELECT a, b, a * b AS y FROM t LIMIT 1000");
        using Statement select = session.Prepare("SELECT sum(predict(net USING *)) FROM t");
        return Rows / BestTime.Of(5, 1, () => select.QueryScalar<double>()) / 1e6;
    }
}
