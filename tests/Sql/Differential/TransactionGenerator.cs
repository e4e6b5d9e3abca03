namespace NeuroDb.Tests.Sql;

/// <summary>
/// Makes transactions over tables with keys, checks and references in the SQL that SQLite and
/// NeuroStore share. Values come from so few that they often collide. Equal seeds give equal
/// statements.
/// </summary>
internal sealed class TransactionGenerator(int seed)
{
    private const int KeyCount = 12;
    private readonly Random _random = new(seed);
    private int _greatest = KeyCount;
    private bool _isLoad;
    private string _last = string.Empty;

    /// <summary>The tables, each with the order that makes its rows comparable.</summary>
    public static IReadOnlyList<(string Table, string Order)> Tables { get; } =
        [("p", "id"), ("k", "a, b"), ("c", "id")];

    /// <summary>The statements that make the tables.</summary>
    public IEnumerable<string> Schema()
    {
        string action = Pick("", "ON DELETE CASCADE", "ON DELETE SET NULL");
        yield return "CREATE TABLE p (id BIGINT NOT NULL PRIMARY KEY, name TEXT UNIQUE, "
            + "n INTEGER CHECK (n < 40))";
        yield return "CREATE TABLE k (a BIGINT NOT NULL, b TEXT NOT NULL, v INTEGER, "
            + "PRIMARY KEY (a, b))";
        yield return "CREATE TABLE c (id BIGINT NOT NULL PRIMARY KEY, "
            + $"p BIGINT REFERENCES p (id) {action}, tag TEXT)";
        yield return "CREATE INDEX p_n ON p (n)";
        yield return "CREATE UNIQUE INDEX c_tag ON c (tag, p)";
        yield return "CREATE INDEX k_v ON k (v DESC, a)";
    }

    /// <summary>A statement; it may fail, and it may begin or end a transaction.</summary>
    public string Next()
    {
        // Once more: an INSERT now repeats its keys, and a ROLLBACK TO has nothing to take back.
        return _last = _last.Length > 0 && _random.Next(5) == 0 ? _last : Make();
    }

    /// <summary>A query that an index may answer.</summary>
    public string Lookup() => _random.Next(7) switch
    {
        0 => $"SELECT id, name, n FROM p WHERE id = {Key()}",
        1 => $"SELECT id, name, n FROM p WHERE name = {Text()}",
        2 => $"SELECT id FROM p WHERE {Range("n")} ORDER BY n, id",
        3 => $"SELECT a, b, v FROM k WHERE a = {Key()} AND b = {Text()}",
        4 => $"SELECT a, b FROM k WHERE v = {_random.Next(40)} ORDER BY a, b",
        5 => $"SELECT c.id, p.name FROM c JOIN p ON p.id = c.p WHERE {Range("c.id")} ORDER BY 1",
        _ => $"SELECT id FROM c WHERE tag = {Text()} AND p = {Key()}",
    };

    private string Make() => _random.Next(22) switch
    {
        0 or 1 => Pick("BEGIN", "SAVEPOINT s1", "SAVEPOINT s2"),
        2 or 20 => Pick("ROLLBACK TO s1", "ROLLBACK TO s2", "RELEASE s1", "RELEASE s2"),
        21 => $"INSERT INTO p VALUES ({Key()}, {Name()}, {Number()})",
        3 => Pick("COMMIT", "COMMIT", "ROLLBACK"),
        4 or 5 or 6 => $"{Insert()} INTO p VALUES {Rows(() => $"({Key()}, {Name()}, {Number()})")}",
        7 => $"INSERT INTO p VALUES ({Key()}, {Name()}, {Number()}) ON CONFLICT (id) "
            + Pick("DO NOTHING", "DO UPDATE SET n = excluded.n, name = excluded.name",
                "DO UPDATE SET n = coalesce(p.n, 0) + 1 WHERE p.id > 3"),
        8 or 9 => $"{Insert("OR REPLACE")} INTO k VALUES "
            + Rows(() => $"({Key()}, {Text()}, {Number()})"),
        10 => $"{Insert()} INTO k SELECT id, name, n FROM p WHERE name IS NOT NULL",
        11 or 12 => $"{Insert()} INTO c VALUES {Rows(() => $"({Key()}, {Key()}, {Name()})")}",
        13 => $"UPDATE p SET n = n + {_random.Next(1, 9)} WHERE {Range("id")}",
        14 => $"UPDATE p SET name = {Name()} WHERE {Range("id")}",
        15 => $"UPDATE p SET id = {Key()} WHERE id = {Key()}",
        16 => Pick(
            $"UPDATE k SET a = {Key()}, b = {Text()} WHERE a = {Key()} AND b = {Text()}",
            $"UPDATE c SET p = {Key()} WHERE {Range("id")}",
            $"UPDATE c SET tag = {Name()} WHERE {Range("p")}",
            $"UPDATE k SET v = coalesce(v, 0) - 1 WHERE {Range("a")}"),
        17 => $"DELETE FROM {Pick("p", "c")} WHERE {Range("id")}",
        18 => $"DELETE FROM k WHERE {Pick(Range("a"), $"b = {Text()}", Range("v"))}",
        _ => $"DELETE FROM {Pick("p", "k", "c", "c")}{Pick("", $" WHERE {Range("rowless")}")}"
            .Replace("rowless", "1", StringComparison.Ordinal),
    };

    private string Insert(string other = "OR IGNORE") =>
        _random.Next(4) == 0 ? $"INSERT {other}" : "INSERT";

    private string Rows(Func<string> row)
    {
        int count = _random.Next(3) == 0 ? _random.Next(2, 30) : 1;
        _isLoad = _random.Next(2) == 0;
        string rows = string.Join(", ", Enumerable.Range(0, count).Select(_ => row()));
        _isLoad = false;
        return rows;
    }

    private string Range(string column) => _random.Next(3) == 0
        ? $"{column} = {Key()}"
        : $"{column} BETWEEN {Key()} AND {Key()}";

    // Most keys are few, so that they collide. Some are greater than all before, as those of loads
    // are, and then asked for again.
    private int Key()
    {
        switch (_isLoad ? 0 : _random.Next(4))
        {
            case 0:
                _greatest += _random.Next(1, 20);
                return _greatest;
            case 1:
                return Math.Max(0, _greatest - _random.Next(2));
            default:
                return _random.Next(KeyCount);
        }
    }

    private string Text() => $"'{(char)('a' + _random.Next(KeyCount))}'";

    private string Name() => _isLoad || _random.Next(3) == 0 ? "NULL" : Text();

    private string Number() => _random.Next(8) == 0 ? "NULL" : $"{_random.Next(43)}";

    private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];
}
