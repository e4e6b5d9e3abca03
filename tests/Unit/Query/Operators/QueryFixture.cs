using System.Globalization;
using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

/// <summary>A database in memory and one session, with results as text for short tests.</summary>
internal sealed class QueryFixture : IDisposable
{
    private readonly QueryEngine _engine;

    public QueryFixture(params string[] statements)
        : this(QueryEngine.Open(SystemSeams.Real(), null, new QueryEngineOptions()), statements)
    {
    }

    /// <summary>Takes an open database, which is closed with the fixture.</summary>
    public QueryFixture(QueryEngine engine, params string[] statements)
    {
        _engine = engine;
        Session = _engine.OpenSession();
        foreach (string statement in statements)
        {
            Rows(statement);
        }
    }

    public QuerySession Session { get; }

    /// <summary>The rows of the last statement: values joined by a bar.</summary>
    public string[] Rows(string sql, params Value[] parameters)
    {
        var rows = new List<string>();
        foreach (PreparedStatement statement in Session.Prepare(sql))
        {
            rows.Clear();
            using StatementResult result = Session.Execute(statement, parameters);
            while (result.Next() is { } batch)
            {
                for (int row = 0; row < batch.Count; row++)
                {
                    rows.Add(string.Join('|', batch.Columns.Select(
                        column => Text(column.GetValue(row)))));
                }
            }
        }

        return [.. rows];
    }

    /// <summary>The rows in one line.</summary>
    public string Line(string sql, params Value[] parameters) =>
        string.Join(' ', Rows(sql, parameters));

    /// <summary>The names of the result's columns.</summary>
    public string[] Names(string sql)
    {
        using StatementResult result = Session.Execute(Session.Prepare(sql)[0], []);
        return [.. result.Columns.Select(column => column.Name)];
    }

    /// <summary>The lines of the plan as one text.</summary>
    public string Explain(string sql) => string.Join('\n', Rows("EXPLAIN " + sql));

    /// <summary>The code of the error that a statement raises.</summary>
    public NeuroStoreException Error(string sql) =>
        Assert.ThrowsAny<NeuroStoreException>(() => Rows(sql));

    public void Dispose()
    {
        Session.Dispose();
        _engine.Dispose();
    }

    private static string Text(Value value) => value.Kind switch
    {
        TypeKind.Null => "NULL",
        TypeKind.Boolean => value.AsBoolean() ? "true" : "false",
        TypeKind.Text => value.AsText(),
        TypeKind.Decimal => value.AsDecimal().ToString(CultureInfo.InvariantCulture),
        TypeKind.Real or TypeKind.Double or TypeKind.Score or TypeKind.Distance =>
            value.AsDouble().ToString("0.####", CultureInfo.InvariantCulture),
        _ => value.AsInt64().ToString(CultureInfo.InvariantCulture),
    };
}
