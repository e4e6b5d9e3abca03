using System.Globalization;
using System.Text.RegularExpressions;

namespace NeuroDb.Tests.Sql;

/// <summary>
/// Runs random statements on NeuroStore, beside SQLite or against what they must mean, and
/// collects where the answers differ.
/// </summary>
internal sealed partial class DifferentialRun : IDisposable
{
    private readonly NeuroStore _database = NeuroStore.OpenInMemory();
    private readonly Session _session;
    private readonly int _seed;

    public DifferentialRun(int seed)
    {
        _seed = seed;
        _session = _database.OpenSession();
    }

    /// <summary>What differed.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>How many statements were compared.</summary>
    public int Compared { get; private set; }

    /// <summary>Queries and changes, each on both engines.</summary>
    public void AgainstSqlite(int count)
    {
        using var sqlite = new SqliteDatabase();
        _ = sqlite.TryQuery("PRAGMA case_sensitive_like = ON", out _);
        var generator = new StatementGenerator(_seed);
        foreach (string statement in generator.Schema())
        {
            _ = _session.Execute(statement);
            _ = sqlite.TryQuery(statement, out string error);
            Assert.Equal("", error);
        }

        for (int i = 0; i < count; i++)
        {
            if (i % 20 == 19)
            {
                (string table, string change) = generator.Change();
                Compare(sqlite, change);
                Compare(sqlite, $"SELECT * FROM {table}");
            }
            else
            {
                Compare(sqlite, generator.Query());
            }
        }
    }

    /// <summary>
    /// Ternary logic partitioning (Rigger and Su 2020): the rows where a condition is true, where
    /// it is false and where it is NULL are all rows. And the condition as an item says for as many
    /// rows that it is true.
    /// </summary>
    public void Partitions(int count)
    {
        StatementGenerator generator = Start();
        for (int i = 0; i < count; i++)
        {
            (string from, string condition, string items) = generator.Filtered();
            List<string>? all = Rows($"SELECT {items} FROM {from}");
            List<string>? holds = Rows($"SELECT {items} FROM {from} WHERE {condition}");
            List<string>? fails = Rows($"SELECT {items} FROM {from} WHERE NOT ({condition})");
            List<string>? unknown =
                Rows($"SELECT {items} FROM {from} WHERE ({condition}) IS NULL");
            List<string>? counted = Rows(
                $"SELECT count(*) FILTER (WHERE c) FROM (SELECT ({condition}) AS c FROM {from})");
            if (all is null || holds is null || fails is null || unknown is null
                || counted is null)
            {
                continue;
            }

            Expect(
                all.Order(StringComparer.Ordinal),
                holds.Concat(fails).Concat(unknown).Order(StringComparer.Ordinal),
                $"partitions of {from} by {condition}");
            Expect([$"{holds.Count}"], counted, $"count of {condition} over {from}");
        }
    }

    /// <summary>
    /// A query gives the same with its literals as parameters, and when it runs again prepared.
    /// </summary>
    public void Parameters(int count)
    {
        _ = Start();
        for (int i = 0; i < count; i++)
        {
            int seed = unchecked((_seed * 7919) + i);
            var parameters = new List<object?>();
            string withParameters = Renumber(
                new StatementGenerator(seed, parameters).Query(), parameters);
            string written = Inline(withParameters, parameters);
            List<string>? expected = Rows(written);
            if (expected is null)
            {
                continue;
            }

            try
            {
                using Statement statement = _session.Prepare(withParameters);
                for (int run = 0; run < 2; run++)
                {
                    using ResultReader reader = statement.Query([.. parameters]);
                    Expect(
                        expected.Order(StringComparer.Ordinal),
                        Read(reader).Order(StringComparer.Ordinal),
                        $"run {run} with parameters of {written}");
                }
            }
            catch (NeuroStoreException error)
            {
                Faults.Add($"{error.Message}\n    {withParameters}");
            }
        }
    }

    /// <summary>A LIMIT gives the first rows of the same query without it.</summary>
    public void Limits(int count)
    {
        StatementGenerator generator = Start();
        for (int i = 0; i < count; i++)
        {
            (string from, string key) = generator.Ordered();
            string sql = $"SELECT {key} FROM {from} ORDER BY {key}{(i % 2 == 0 ? "" : " DESC")}";
            List<string>? all = Rows(sql);
            List<string>? first = Rows($"{sql} LIMIT {i % 9} OFFSET {i % 4}");
            if (all is not null && first is not null)
            {
                Expect(all.Skip(i % 4).Take(i % 9), first, $"LIMIT of {sql}");
            }
        }
    }

    /// <summary>The fused top-k gives what a sort by the expression and the key gives.</summary>
    public void Vectors(int count)
    {
        var random = new Random(_seed);
        _ = _session.Execute(
            "CREATE TABLE v (id BIGINT PRIMARY KEY, g INTEGER, e VECTOR(4))");
        for (int id = 1; id <= 300; id++)
        {
            string vector = id % 17 == 0 ? "NULL" : $"'{Vector(random)}'";
            _ = _session.Execute($"INSERT INTO v VALUES ({id}, {id % 5}, {vector})");
        }

        string[] ranks =
        [
            "e <-> '{0}'", "e <=> '{0}'", "e <#> '{0}'", "e <+> '{0}'", "similarity(e, '{0}')",
            "similarity(e, '{0}', 'l2') ASC", "similarity(e, '{0}') DESC", "e <-> '{0}' DESC",
        ];
        for (int i = 0; i < count; i++)
        {
            string rank = ranks[i % ranks.Length].Replace(
                "{0}", Vector(random), StringComparison.Ordinal);
            string where = (i % 3) switch
            {
                0 => "",
                1 => $"WHERE g = {i % 5}",
                _ => $"WHERE e IS NOT NULL AND id > {random.Next(250)}",
            };
            string key = rank.Replace(" ASC", "", StringComparison.Ordinal)
                .Replace(" DESC", "", StringComparison.Ordinal);
            string top = $"SELECT {key} FROM v {where} ORDER BY {rank} LIMIT {random.Next(1, 20)}";
            string direction = rank.EndsWith("DESC", StringComparison.Ordinal) ? "DESC"
                : rank.EndsWith("ASC", StringComparison.Ordinal) ? "ASC"
                : rank.StartsWith("similarity", StringComparison.Ordinal) ? "DESC" : "ASC";
            string nulls = rank.StartsWith('e') ? "NULLS LAST" : "";
            string sorted = $"SELECT k FROM (SELECT {key} AS k, id FROM v {where}) "
                + $"ORDER BY k + 0 {direction} {nulls}, id";
            List<string>? found = Rows(top);
            List<string>? expected = Rows(sorted);
            if (found is not null && expected is not null)
            {
                Expect(expected.Take(found.Count), found, top);
            }
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _database.Dispose();
    }

    private static string Vector(Random random) =>
        $"[{string.Join(',', Enumerable.Range(0, 4).Select(_ => random.Next(-3, 4)))}]"
            .Replace("[0,0,0,0]", "[1,0,0,0]", StringComparison.Ordinal);

    /// <summary>Numbers the parameters that the statement has from 1; others are dropped.</summary>
    private static string Renumber(string sql, List<object?> parameters)
    {
        var used = new List<object?>();
        var numbers = new Dictionary<int, int>();
        string renumbered = ParameterPlace().Replace(sql, place =>
        {
            int old = int.Parse(place.ValueSpan[1..], CultureInfo.InvariantCulture);
            if (numbers.TryAdd(old, used.Count + 1))
            {
                used.Add(parameters[old - 1]);
            }

            return $"${numbers[old]}";
        });
        parameters.Clear();
        parameters.AddRange(used);
        return renumbered;
    }

    [GeneratedRegex(@"\$\d+")]
    private static partial Regex ParameterPlace();

    private static string Inline(string sql, List<object?> parameters)
    {
        for (int i = parameters.Count; i > 0; i--)
        {
            string text = parameters[i - 1] switch
            {
                string value => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'",
                double value => FormattableString.Invariant($"{value:0.0#}e0"),
                object value => FormattableString.Invariant($"{value}"),
                null => "NULL",
            };
            sql = sql.Replace($"${i}", text, StringComparison.Ordinal);
        }

        return sql;
    }

    private StatementGenerator Start()
    {
        var generator = new StatementGenerator(_seed);
        foreach (string statement in generator.Schema())
        {
            _ = _session.Execute(statement);
        }

        return generator;
    }

    private static List<string> Read(ResultReader reader)
    {
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(RowText.Of(
                Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i))));
        }

        return rows;
    }

    private List<string>? Rows(string sql)
    {
        try
        {
            using ResultReader reader = _session.Query(sql);
            return Read(reader);
        }
        catch (NeuroStoreException error)
        {
            Faults.Add($"{error.Message}\n    {sql}");
            return null;
        }
    }

    private void Compare(SqliteDatabase sqlite, string sql)
    {
        List<object?[]>? expected = sqlite.TryQuery(sql, out string message);
        if (expected is null)
        {
            Faults.Add($"SQLite: {message}\n    {sql}");
            return;
        }

        if (Rows(sql) is List<string> rows)
        {
            IEnumerable<string> other = expected.Select(RowText.Of);
            bool isOrdered = sql.Contains(" ORDER BY 1", StringComparison.Ordinal);
            Expect(
                isOrdered ? other : other.Order(StringComparer.Ordinal),
                isOrdered ? rows : rows.Order(StringComparer.Ordinal),
                sql);
        }
    }

    private void Expect(IEnumerable<string> expected, IEnumerable<string> found, string what)
    {
        Compared++;
        string[] left = [.. expected];
        string[] right = [.. found];
        if (!left.SequenceEqual(right))
        {
            string[] missing = [.. left.Except(right).Take(5)];
            string[] extra = [.. right.Except(left).Take(5)];
            Faults.Add($"expected {left.Length} rows, found {right.Length}; missing "
                + $"[{string.Join(" ; ", missing)}], extra [{string.Join(" ; ", extra)}]"
                + $"\n    {what}");
        }
    }
}
