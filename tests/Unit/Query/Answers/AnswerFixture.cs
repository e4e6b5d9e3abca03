using System.Globalization;
using NeuroDb.Query;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// A database with a model of two versions, f(x) = 2 x and f(x) = 3 x, and a clock that lets the
/// work in the background go on when the test says so.
/// </summary>
internal sealed class AnswerFixture : IDisposable
{
    private readonly MemoryFileSystem _disk;

    public AnswerFixture(MemoryFileSystem? disk = null, int sharePercent = 10)
    {
        _disk = disk ?? new MemoryFileSystem();
        var options = new QueryEngineOptions { RefreshSharePercent = sharePercent };
        Engine = QueryEngine.Open(Seams(_disk, Clock), Root, options);
        Session = Engine.OpenSession();
    }

    public ManualClock Clock { get; } = new();

    public QueryEngine Engine { get; }

    public QuerySession Session { get; }

    public static void Train(QuerySession session)
    {
        const string Options =
            "USING linear SPLIT (train .8, test .2) WITH (seed = 1)";
        Run(session, "CREATE TABLE line AS SELECT 1.0 * i AS x, 2.0 * i AS y "
            + "FROM generate_series(1, 200) g (i)");
        Run(session, $"CREATE MODEL f TYPE regressor PREDICT y {Options} AS SELECT x, y FROM line");
        Run(session, "RETRAIN MODEL f KEEP AS SELECT x, 1.5 * y AS y FROM line");
    }

    /// <summary>Lets the work go on until it rests for good.</summary>
    public void Work()
    {
        for (int i = 0; i < 100 && Engine.Answers.IsAwake; i++)
        {
            Clock.FireAll();
        }
    }

    public void Run(string sql) => Run(Session, sql);

    public string Text(string sql) => Text(Session, sql);

    public static void Run(QuerySession session, string sql)
    {
        foreach (PreparedStatement statement in session.Prepare(sql))
        {
            using StatementResult result = session.Execute(statement, []);
            result.Drain();
        }
    }

    /// <summary>The rows of a query, values with commas and rows with semicolons between.</summary>
    public static string Text(QuerySession session, string sql)
    {
        using StatementResult result = session.Execute(session.Prepare(sql)[0], []);
        var rows = new List<string>();
        while (result.Next() is { } batch)
        {
            for (int row = 0; row < batch.Count; row++)
            {
                rows.Add(string.Join(',', batch.Columns.Select(
                    column => TextOf(column.GetValue(row)))));
            }
        }

        return string.Join(';', rows);
    }

    private static string TextOf(Value value) => value.IsNull ? "NULL"
        : value.Kind == TypeKind.Text ? value.AsText()
        : value.Kind == TypeKind.Double ? value.AsDouble().ToString(CultureInfo.InvariantCulture)
        : value.AsInt64().ToString(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        Session.Dispose();
        Engine.Dispose();
    }
}
