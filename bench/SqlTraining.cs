using System.Diagnostics;
using System.Globalization;
using NeuroDb.Neural;
using NeuroDb.Query;

namespace NeuroDb.Bench;

/// <summary>
/// One training twice in one process: by CREATE MODEL over a table, with everything that the
/// statement does besides, and by the same trainer over arrays that lie ready.
/// </summary>
internal static class SqlTraining
{
    private const int Rows = 100_000;
    private const int Epochs = 20;
    private const int Attempts = 3;

    /// <summary>Adds rows with the processor time of both, the least of some runs.</summary>
    public static void Measure(BenchReport report)
    {
        double statement = double.MaxValue;
        double arrays = double.MaxValue;
        using QueryEngine engine =
            QueryEngine.Open(SystemSeams.Real(), null, new QueryEngineOptions());
        using QuerySession session = engine.OpenSession();
        Run(session, "CREATE TABLE t AS SELECT (i * 7919 % 10007) / 10007e0 AS a, "
            + "(i * 104729 % 9973) / 9973e0 AS b, (i * 7919 % 10007) / 5000e0 AS y "
            + string.Create(
                CultureInfo.InvariantCulture, $"FROM generate_series(1, {Rows}) AS g (i)"));
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            arrays = Math.Min(arrays, Seconds(TrainArrays));
            statement = Math.Min(statement, Seconds(() => Run(
                session,
                "CREATE OR REPLACE MODEL m TYPE regressor PREDICT y USING mlp(64, 64) SPLIT "
                + "(train .8, validation .1, test .1) WITH (early_stopping = 0, "
                + string.Create(CultureInfo.InvariantCulture, $"epochs = {Epochs}) ")
                + "AS SELECT a, b, y FROM t")));
        }

        report.Row("training, from arrays", $"{arrays:F2} s", "", "");
        report.Row(
            "training, CREATE MODEL", $"{statement:F2} s", "", $"{statement / arrays:F2} of that");
    }

    private static void TrainArrays()
    {
        const int Train = Rows / 10 * 8;
        const int Validation = Rows / 10;
        ArrayExamples Of(int first, int count, ulong? seed)
        {
            var features = new float[2 * count];
            var targets = new float[count];
            for (int i = 0; i < count; i++)
            {
                features[2 * i] = (first + i) * 7919L % 10007 / 5000f;
                features[(2 * i) + 1] = (first + i) * 104729L % 9973 / 5000f;
                targets[i] = features[2 * i];
            }

            return new ArrayExamples(features, targets, count, seed);
        }

        var trainer = new ModelTrainer(
            Recipe.Parse("mlp(64, 64)"),
            ModelTask.Regressor,
            new TrainingOptions
            {
                Loss = LossKind.MeanSquared,
                Epochs = Epochs,
                EarlyStopping = 0,
            },
            SystemSeams.Real().Workers,
            TimeProvider.System);
        trainer.Train(TensorShape.Flat(2), 1, Of(1, Train, 1), Of(Train, Validation, null));
    }

    private static double Seconds(Action run)
    {
        TimeSpan begun = Process.GetCurrentProcess().TotalProcessorTime;
        run();
        return (Process.GetCurrentProcess().TotalProcessorTime - begun).TotalSeconds;
    }

    private static void Run(QuerySession session, string sql)
    {
        using StatementResult result = session.Execute(session.Prepare(sql)[0], []);
        result.Drain();
    }
}
