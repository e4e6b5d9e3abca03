using System.Globalization;
using System.Text;

namespace NeuroDb.Tests.Sql;

/// <summary>
/// Makes tables with rows, queries and changes in the SQL that SQLite and NeuroStore share. Equal
/// seeds give equal statements.
/// </summary>
internal sealed class StatementGenerator
{
    private static readonly string[] Tables = ["t0", "t1", "t2"];
    private static readonly (string Name, GeneratedType Type)[] TableColumns =
    [
        ("id", GeneratedType.Whole), ("a", GeneratedType.Whole), ("b", GeneratedType.Whole),
        ("d", GeneratedType.Real), ("s", GeneratedType.Text), ("u", GeneratedType.Text),
    ];

    private readonly Random _random;
    private readonly ExpressionGenerator _expressions;
    private readonly WindowGenerator _windows;
    private readonly CorrelatedGenerator _correlated;
    private int _aliasCount;
    private int _changeCount;

    /// <summary>Starts a sequence of statements.</summary>
    /// <param name="seed">What they follow from.</param>
    /// <param name="parameters">Where literals go as parameters; null to write them.</param>
    public StatementGenerator(int seed, List<object?>? parameters = null)
    {
        _random = new Random(seed);
        _expressions = new ExpressionGenerator(_random) { Parameters = parameters };
        _windows = new WindowGenerator(_random, _expressions);
        _correlated = new CorrelatedGenerator(
            _random,
            _expressions,
            [.. TableColumns.Select(column => new GeneratedColumn(column.Name, column.Type))]);
        _expressions.Subquery = Subquery;
        _expressions.ExistsQuery = ExistsQuery;
    }

    /// <summary>The statements that make and fill the tables.</summary>
    public IEnumerable<string> Schema()
    {
        foreach (string table in Tables)
        {
            yield return $"CREATE TABLE {table} (id INTEGER PRIMARY KEY, a INTEGER, b BIGINT, "
                + "d DOUBLE PRECISION, s TEXT, u TEXT)";
            var values = new StringBuilder();
            int count = table == "t2" ? 3 : _random.Next(8, 30);
            for (int i = 1; i <= count; i++)
            {
                values.Append(CultureInfo.InvariantCulture, $"{(i > 1 ? "," : "")}({i}");
                for (int column = 1; column < TableColumns.Length; column++)
                {
                    string value = _expressions.Chance(15)
                        ? "NULL"
                        : _expressions.Make(TableColumns[column].Type, 0);
                    values.Append(", ").Append(value);
                }

                values.Append(')');
            }

            yield return $"INSERT INTO {table} VALUES {values}";
        }
    }

    /// <summary>A query; its rows have no order, or one over all columns.</summary>
    public string Query()
    {
        _aliasCount = 0;
        if (_expressions.Chance(12))
        {
            return $"{Core(2, out int width)} {Pick("UNION", "UNION ALL", "EXCEPT", "INTERSECT")} "
                + Core(width, out _);
        }

        return _expressions.Chance(20) ? Windowed()
            : _expressions.Chance(20) ? _correlated.Query()
            : _expressions.Chance(35) ? Grouped()
            : Plain();
    }

    /// <summary>A source, a condition, and what a row of the source is.</summary>
    public (string From, string Condition, string Items) Filtered()
    {
        _aliasCount = 0;
        string from = From();
        string items = string.Join(", ", _expressions.Columns.Select(column => column.Name));
        return (from, _expressions.Condition(3), items);
    }

    /// <summary>An expression over one source, to order by.</summary>
    public (string From, string Key) Ordered()
    {
        _aliasCount = 0;
        string from = From();
        return (from, GroupKey(2));
    }

    /// <summary>An UPDATE or DELETE, or an INSERT of a query.</summary>
    public (string Table, string Statement) Change()
    {
        _aliasCount = 0;
        string table = _expressions.Pick(Tables);
        _expressions.Columns = [.. TableColumns.Select(column =>
            new GeneratedColumn(column.Name, column.Type))];
        string where = _expressions.Condition(2);
        string statement = _random.Next(6) switch
        {
            0 => $"DELETE FROM {table} WHERE {where} AND id % 3 = 0",
            1 => $"UPDATE {table} SET a = {_expressions.Make(GeneratedType.Whole, 1)}, "
                + $"s = {_expressions.Make(GeneratedType.Text, 1)} WHERE {where}",
            2 => Upsert(table, where),
            3 => $"INSERT OR {Pick("IGNORE", "REPLACE")} INTO {table} SELECT id + "
                + $"{_random.Next(4)}, b, a, d, u, s FROM {table} WHERE {where} ORDER BY id",
            4 => $"UPDATE {table} SET (a, s) = (z.b, z.u) FROM {_expressions.Pick(Tables)} AS z "
                + $"WHERE z.id = {table}.id AND z.a > {_random.Next(20)}",
            _ => $"INSERT INTO {table} SELECT id + {_changeCount++ + 1}000, a, b, d, s, u "
                + $"FROM {table} WHERE {where} AND id < 5",
        };
        return (table, statement);
    }

    private string Upsert(string table, string where)
    {
        string action = Pick(
            "DO NOTHING",
            "DO UPDATE SET a = excluded.b, s = excluded.u",
            $"DO UPDATE SET b = {table}.b + 1, d = excluded.d WHERE excluded.a > 3");
        return $"INSERT INTO {table} SELECT id / {_random.Next(1, 3)} + {_random.Next(4)}, a, b, "
            + $"d, s, u FROM {table} WHERE {where} ORDER BY id ON CONFLICT (id) {action}";
    }

    private string Pick(params string[] items) => _expressions.Pick(items);

    private string Plain()
    {
        string from = From();
        int count = _random.Next(1, 4);
        string items = string.Join(", ", Enumerable.Range(0, count)
            .Select(_ => _expressions.Make(_expressions.AnyType(), 3)));
        string where = _expressions.Chance(70) ? $" WHERE {_expressions.Condition(3)}" : "";
        string distinct = _expressions.Chance(20) ? "DISTINCT " : "";
        return $"SELECT {distinct}{items} FROM {from}{where}{Tail(count)}";
    }

    private string Windowed()
    {
        string from = From();
        int count = _random.Next(1, 4);
        string items = string.Join(", ", Enumerable.Range(0, count).Select(_ => _windows.Call()));
        string key = _expressions.Pick(_expressions.Columns).Name;
        string where = _expressions.Chance(40) ? $" WHERE {_expressions.Condition(2)}" : "";
        return $"SELECT {key}, {items} FROM {from}{where}{Tail(count + 1)}";
    }

    private string Grouped()
    {
        string from = From();
        string where = _expressions.Chance(50) ? $" WHERE {_expressions.Condition(2)}" : "";
        int keys = _random.Next(0, 3);
        string[] groups = [.. Enumerable.Range(0, keys)
            .Select(_ => GroupKey(_random.Next(2)))];
        string[] aggregates = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Aggregate())];
        string items = string.Join(", ", groups.Concat(aggregates));
        string by = keys > 0 ? $" GROUP BY {string.Join(", ", groups)}" : "";
        string having = keys > 0 && _expressions.Chance(40)
            ? $" HAVING {Aggregate()} {Pick("<", ">", "=", "IS NOT")} {_random.Next(10)}"
            : "";
        return $"SELECT {items} FROM {from}{where}{by}{having}"
            + Tail(groups.Length + aggregates.Length);
    }

    /// <summary>No bare literal: after BY a number means a column's place.</summary>
    private string GroupKey(int depth)
    {
        string key = _expressions.Make(_expressions.AnyType(), depth);
        return key.Any(char.IsAsciiLetter) && !key.StartsWith('\'') && !key.EndsWith("e0",
            StringComparison.Ordinal)
            ? key
            : _expressions.Pick(_expressions.Columns).Name;
    }

    private string Aggregate()
    {
        string distinct = _expressions.Chance(25) ? "DISTINCT " : "";
        GeneratedType number = _expressions.Chance(50) ? GeneratedType.Whole : GeneratedType.Real;
        string filter = _expressions.Chance(15)
            ? $" FILTER (WHERE {_expressions.Condition(1)})"
            : "";
        string call = _random.Next(6) switch
        {
            0 => "count(*)",
            1 => $"count({distinct}{_expressions.Make(_expressions.AnyType(), 1)})",
            2 => $"sum({distinct}{_expressions.Make(number, 1)})",
            3 => $"total({distinct}{_expressions.Make(number, 1)})",
            4 => $"avg({distinct}{_expressions.Make(number, 1)})",
            _ => $"{Pick("min", "max")}({_expressions.Make(number, 1)})",
        };
        return call + filter;
    }

    /// <summary>A LIMIT only behind an order over all columns, which leaves no choice.</summary>
    private string Tail(int columns)
    {
        if (_expressions.Chance(50))
        {
            return "";
        }

        string order = string.Join(", ", Enumerable.Range(1, columns).Select(ordinal =>
            ordinal.ToString(CultureInfo.InvariantCulture) + Pick("", " ASC", " DESC")
                + Pick("", "", " NULLS FIRST", " NULLS LAST")));
        string limit = _expressions.Chance(60)
            ? $" LIMIT {_random.Next(-1, 8)}" + (_expressions.Chance(40)
                ? $" OFFSET {_random.Next(0, 5)}"
                : "")
            : "";
        return $" ORDER BY {order}{limit}";
    }

    private string Core(int width, out int actual)
    {
        string from = From();
        actual = width;
        GeneratedType[] types = [GeneratedType.Whole, GeneratedType.Text];
        string items = string.Join(", ", Enumerable.Range(0, width)
            .Select(i => _expressions.Make(types[i % 2], 2)));
        return $"SELECT {items} FROM {from} WHERE {_expressions.Condition(2)}";
    }

    private string From()
    {
        _expressions.Columns = [];
        string from = Source();
        for (int i = _random.Next(3); i > 0; i--)
        {
            string kind = Pick("JOIN", "LEFT JOIN", "INNER JOIN", "CROSS JOIN", ",");
            from += kind == "," ? ", " : $" {kind} ";
            from += Source();
            if (kind is "JOIN" or "LEFT JOIN" or "INNER JOIN")
            {
                from += $" ON {JoinCondition()}";
            }

            if (kind == ",")
            {
                break;
            }
        }

        return from;
    }

    private string JoinCondition()
    {
        GeneratedColumn last = _expressions.Columns[^_random.Next(2, TableColumns.Length)];
        GeneratedColumn[] fitting = [.. _expressions.Columns
            .SkipLast(TableColumns.Length)
            .Where(column => column.Type == last.Type)];
        string equal = fitting.Length > 0
            ? $"{_expressions.Pick(fitting).Name} = {last.Name}"
            : "1";
        return _expressions.Chance(60) ? equal : $"{equal} AND {_expressions.Condition(1)}";
    }

    private string Source()
    {
        string table = _expressions.Pick(Tables);
        string alias = $"x{_aliasCount++}";
        _expressions.Columns = [.. _expressions.Columns, .. TableColumns.Select(column =>
            new GeneratedColumn($"{alias}.{column.Name}", column.Type))];
        return _expressions.Chance(30) ? $"({Derived(table)}) AS {alias}" : $"{table} AS {alias}";
    }

    /// <summary>Rows with the columns of a table, made of other rows; no id is twice.</summary>
    private string Derived(string table)
    {
        string other = _expressions.Pick(Tables);
        return _random.Next(7) switch
        {
            0 => $"SELECT * FROM {table} WHERE id > {_random.Next(5)}",
            1 => $"SELECT id, b AS a, id AS b, d, u AS s, s AS u FROM {table}",
            2 => "SELECT id + 1 AS id, coalesce(a, 3) AS a, b, -d AS d, s || u AS s, 'x' AS u "
                + $"FROM {table}",
            3 => $"SELECT p.id, q.a, q.id AS b, p.d, q.s, p.u FROM {table} AS p "
                + $"{Pick("JOIN", "LEFT JOIN")} {other} AS q ON p.{Pick("id", "a")} = q.id",
            4 => "SELECT p.id * 100000 + q.id AS id, p.b AS a, q.b - p.id AS b, p.d, "
                + $"coalesce(q.s, p.u) AS s, q.u FROM {table} AS p JOIN {other} AS q "
                + $"ON p.id = q.{Pick("id", "b")}",
            5 => "SELECT min(id) AS id, a, count(*) AS b, max(d) AS d, min(s) AS s, max(u) AS u "
                + $"FROM {table} GROUP BY a",
            _ => $"SELECT {Pick("", "DISTINCT ")}id, a, b, d, s, u FROM {table} "
                + $"ORDER BY id LIMIT {_random.Next(1, 9)}",
        };
    }

    /// <summary>A correlated or free subquery of one row, for its least value.</summary>
    private string? Subquery(int depth, GeneratedType type) => Inner(depth, expressions =>
    {
        string item = expressions.Make(type, Math.Min(depth, 1));
        return $"SELECT {Pick("min", "max")}({item})";
    }) is string query ? $"({query} LIMIT 1)" : null;

    private string? ExistsQuery(int depth) => Inner(depth, _ => "SELECT 1");

    private string? Inner(int depth, Func<ExpressionGenerator, string> head)
    {
        if (_aliasCount > 8 || depth <= 0)
        {
            return null;
        }

        IReadOnlyList<GeneratedColumn> outer = _expressions.Columns;
        string alias = $"x{_aliasCount++}";
        string table = _expressions.Pick(Tables);
        GeneratedColumn[] own = [.. TableColumns.Select(column =>
            new GeneratedColumn($"{alias}.{column.Name}", column.Type))];

        // Aggregated items use the inner columns only: what an aggregate of outer columns means
        // is another question.
        _expressions.Columns = own;
        string items = head(_expressions);
        _expressions.Columns = [.. own, .. outer];
        string where = _expressions.Condition(Math.Min(depth - 1, 1));
        _expressions.Columns = outer;
        return $"{items} FROM {table} AS {alias} WHERE {where}";
    }
}
