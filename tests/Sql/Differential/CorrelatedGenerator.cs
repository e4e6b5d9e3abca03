namespace NeuroDb.Tests.Sql;

/// <summary>
/// Makes queries whose subqueries are tied to the outer row by an equality - the shapes that the
/// planner turns into joins - rows as values, and common tables that are used twice or recur.
/// </summary>
internal sealed class CorrelatedGenerator(
    Random random, ExpressionGenerator expressions, IReadOnlyList<GeneratedColumn> columns)
{
    private static readonly string[] Tables = ["t0", "t1", "t2"];

    /// <summary>A query over one table with tied subqueries.</summary>
    public string Query() => random.Next(8) switch
    {
        0 => Recursive(),
        1 => Shared(),
        2 => Rows(),
        _ => Tied(),
    };

    private string Pick(params string[] items) => expressions.Pick(items);

    private GeneratedColumn[] Of(string alias) => [.. columns.Select(
        column => column with { Name = $"{alias}.{column.Name}" })];

    private string Tied()
    {
        string table = Pick(Tables);
        expressions.Columns = Of("o");
        string item = expressions.Chance(70)
            ? Value()
            : expressions.Make(expressions.AnyType(), 1);
        string first = Condition();
        string second = expressions.Chance(40) ? $" {Pick("AND", "OR")} {Condition()}" : "";
        return $"SELECT o.id, {item} FROM {table} AS o WHERE {first}{second}";
    }

    private string Tie(string alias)
    {
        string column = Pick("id", "a", "b", "s");
        string tie = $"{alias}.{column} = o.{Pick(column, column, column == "s" ? "u" : "a")}";
        expressions.Columns = expressions.Chance(50) ? Of(alias) : [.. Of(alias), .. Of("o")];
        string more = expressions.Chance(50) ? $" AND {expressions.Condition(1)}" : "";
        expressions.Columns = Of("o");
        return tie + more;
    }

    private string Value(bool isNumber = false)
    {
        string table = Pick(Tables);
        if (expressions.Chance(30))
        {
            string column = isNumber ? "a" : Pick("a", "b", "s");
            return $"(SELECT i.{column} FROM {table} AS i WHERE i.id = "
                + $"o.{Pick("id", "a")})";
        }

        expressions.Columns = Of("i");
        string number = expressions.Make(GeneratedType.Whole, 1);
        string call = Pick(
            "count(*)", "sum({0})", "total({0})", "max({0})", "count({0}) + 1")
            .Replace("{0}", number, StringComparison.Ordinal);
        return $"(SELECT {call} FROM {table} AS i WHERE {Tie("i")})";
    }

    private string Condition()
    {
        string table = Pick(Tables);
        return random.Next(4) switch
        {
            0 => $"{Value(true)} {Pick("<", ">", "=", "IS NOT")} {random.Next(20)}",
            1 => $"o.{Pick("a", "b")} {Pick("", "NOT ")}IN "
                + $"(SELECT i.{Pick("a", "b", "id")} FROM {table} AS i WHERE {Tie("i")})",
            _ => $"{Pick("", "NOT ")}EXISTS (SELECT 1 FROM {table} AS i WHERE {Tie("i")})",
        };
    }

    private string Rows()
    {
        string table = Pick(Tables);
        expressions.Columns = Of("o");
        string left = $"(o.{Pick("a", "b")}, o.{Pick("id", "b")})";
        return random.Next(3) switch
        {
            0 => $"SELECT o.id, {left} {Pick("=", "<>", "<", ">=")} "
                + $"({expressions.Make(GeneratedType.Whole, 1)}, {random.Next(9)}) "
                + $"FROM {table} AS o",
            1 => $"SELECT o.id FROM {table} AS o WHERE {left} {Pick("", "NOT ")}IN "
                + $"(SELECT i.{Pick("a", "b")}, i.{Pick("id", "b")} FROM {Pick(Tables)} AS i)",
            _ => $"SELECT o.id, {left} {Pick("", "NOT ")}IN "
                + $"(VALUES (1, 2), ({random.Next(20)}, NULL), (NULL, {random.Next(9)})) "
                + $"FROM {table} AS o",
        };
    }

    private string Shared()
    {
        expressions.Columns = Of("o");
        string condition = expressions.Condition(1);
        string hint = Pick("", "MATERIALIZED ", "NOT MATERIALIZED ");
        return $"WITH w AS {hint}(SELECT o.id, o.a, o.s FROM {Pick(Tables)} AS o "
            + $"WHERE {condition}) SELECT p.id, q.a, p.s FROM w AS p {Pick("JOIN", "LEFT JOIN")} "
            + $"w AS q ON p.id = q.{Pick("id", "a")}";
    }

    private string Recursive()
    {
        int step = random.Next(1, 4);
        return $"WITH RECURSIVE r(n, d) AS (SELECT id, 0 FROM {Pick(Tables)} WHERE id < 4 "
            + $"UNION{Pick("", " ALL")} SELECT r.n + {step}, r.d + 1 FROM r "
            + $"JOIN {Pick(Tables)} AS x "
            + $"ON x.id = r.n WHERE r.d < {random.Next(1, 4)}) SELECT n, d FROM r";
    }
}
