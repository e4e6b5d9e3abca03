using NeuroDb.Query;
using NeuroDb.Storage;

namespace NeuroDb.Bench;

/// <summary>
/// What it costs to get from the text of a search for neighbours to its plan: from the cache of
/// statements, and with nothing kept but the tables of the parser.
/// </summary>
internal static class PlanBench
{
    private const double WarmUpMs = 2000;
    private const double SampleMs = 1;
    private const int Dimension = 128;

    private static readonly string[] Statements =
    [
        "SELECT id, title FROM docs ORDER BY similarity(embedding, ?) LIMIT 10",
        "SELECT id, title, l2_distance(embedding, ?) AS d FROM docs "
            + "WHERE year > 2000 AND lang = 'en' ORDER BY d LIMIT 10",
    ];

    /// <summary>Options: --samples 200.</summary>
    public static void Run(BenchArguments arguments)
    {
        int samples = arguments.Number("samples", 200);
        var report = new BenchReport("plan: parse, bind and plan a search for neighbours");
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute(
            "CREATE TABLE docs (id BIGINT PRIMARY KEY, title TEXT, lang TEXT, year INT, "
            + $"embedding VECTOR({Dimension}))");
        database.Execute(
            "INSERT INTO docs SELECT i, 'title ' || i, 'en', 1990 + i % 40, ? "
            + "FROM generate_series(1, 1000) AS g(i)",
            new float[Dimension]);
        using Session session = database.OpenSession();
        QuerySession inner = session.Inner();
        using StorageTransaction transaction =
            session.Storage.Begin(TransactionIsolation.Snapshot);
        Value[] parameters = [Value.Of((ReadOnlyMemory<float>)new float[Dimension])];
        var actions = new List<Action>();
        foreach (string sql in Statements)
        {
            actions.Add(() => inner.Prepare(sql)[0].Bind(transaction.Catalog, parameters));
            actions.Add(() => new PreparedStatement(SqlParser.Parse(sql)[0])
                .Bind(transaction.Catalog, parameters));
            actions.Add(() => SqlParser.Parse(sql));
        }

        Timing[] times = Timing.InTurns(samples, WarmUpMs, SampleMs, actions);
        report.Row("statement", "cached us", "uncached us", "of it parsing us");
        string[] names = ["nearest", "filtered"];
        for (int i = 0; i < names.Length; i++)
        {
            ReadOnlySpan<Timing> own = times.AsSpan(3 * i, 3);
            report.Row(
                names[i],
                Timing.Cell(own[0].MedianUs),
                Timing.Cell(own[1].MedianUs),
                Timing.Cell(own[2].MedianUs));
            report.Figure($"{names[i]}_cached_us", own[0].MedianUs);
            report.Figure($"{names[i]}_uncached_us", own[1].MedianUs);
        }

        report.Print(arguments);
    }
}
