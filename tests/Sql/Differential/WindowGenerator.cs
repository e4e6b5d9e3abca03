using System.Globalization;

namespace NeuroDb.Tests.Sql;

/// <summary>
/// Makes window functions. Where the place of a row among its equals counts, the order is one over
/// the keys of all tables, so that there is one answer.
/// </summary>
internal sealed class WindowGenerator(Random random, ExpressionGenerator expressions)
{
    /// <summary>A call with OVER.</summary>
    public string Call()
    {
        string number = expressions.Make(
            expressions.Chance(60) ? GeneratedType.Whole : GeneratedType.Real, 1);
        string any = expressions.Make(expressions.AnyType(), 1);
        return random.Next(14) switch
        {
            0 => $"row_number() OVER ({Partition()} {Total()})",
            1 => $"{Pick("rank", "dense_rank", "percent_rank", "cume_dist")}() OVER "
                + $"({Partition()} {Order()})",
            2 => $"ntile({random.Next(1, 6)}) OVER ({Partition()} {Total()})",
            3 => $"{Pick("lag", "lead")}({number}, {random.Next(0, 4)}) OVER "
                + $"({Partition()} {Total()})",
            4 => $"{Pick("first_value", "last_value")}({any}) OVER "
                + $"({Partition()} {Total()} {Frame("ROWS")})",
            5 => $"nth_value({any}, {random.Next(1, 4)}) OVER "
                + $"({Partition()} {Total()} {Frame("ROWS")})",
            6 => $"group_concat('x' || {expressions.Make(GeneratedType.Text, 1)}, '-') OVER "
                + $"({Partition()} {Total()} {Frame("ROWS")})",
            < 10 => $"{Aggregate(number)} OVER ({Partition()} {Total()} {Frame("ROWS")})",
            < 12 => $"{Aggregate(number)} OVER ({Partition()} {Order()} {Frame("GROUPS")})",
            12 => $"{Aggregate(number)} OVER ({Partition()} ORDER BY "
                + $"{WholeColumn()}{Pick("", " DESC")} {Frame("RANGE")})",
            _ => $"{Aggregate(number)} OVER ({Partition()})",
        };
    }

    private string Pick(params string[] items) => expressions.Pick(items);

    private string Aggregate(string number)
    {
        string call = Pick("count(*)", "sum({0})", "total({0})", "avg({0})", "min({0})",
            "max({0})", "count({0})").Replace("{0}", number, StringComparison.Ordinal);
        // SQLite 3.40 forgets the filter of min and max in some frames.
        return expressions.Chance(15) && call[0] != 'm'
            ? $"{call} FILTER (WHERE {expressions.Condition(1)})"
            : call;
    }

    private string Partition() => expressions.Chance(50)
        ? ""
        : $"PARTITION BY {expressions.Pick(expressions.Columns).Name}";

    private string Order() =>
        $"ORDER BY {expressions.Pick(expressions.Columns).Name}{Pick("", " DESC")}"
        + Pick("", " NULLS FIRST", " NULLS LAST");

    private string Total()
    {
        IEnumerable<string> keys = expressions.Columns
            .Where(column => column.Name.EndsWith(".id", StringComparison.Ordinal))
            .Select(column => column.Name + Pick("", " DESC"));
        string first = expressions.Chance(60)
            ? $"{expressions.Pick(expressions.Columns).Name}{Pick("", " DESC")}, "
            : "";
        return $"ORDER BY {first}{string.Join(", ", keys)}";
    }

    private string WholeColumn() => expressions.Pick(
        [.. expressions.Columns.Where(column => column.Type == GeneratedType.Whole)]).Name;

    private string Frame(string unit)
    {
        string[] bounds =
        [
            "UNBOUNDED PRECEDING", $"{random.Next(4)} PRECEDING", "CURRENT ROW",
            $"{random.Next(4)} FOLLOWING", "UNBOUNDED FOLLOWING",
        ];
        int start = random.Next(4);
        int end = random.Next(Math.Max(1, start), 5);
        string exclusion = Pick(
            "", "", "EXCLUDE CURRENT ROW", "EXCLUDE GROUP", "EXCLUDE TIES", "EXCLUDE NO OTHERS");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{unit} BETWEEN {bounds[start]} AND {bounds[end]} {exclusion}");
    }
}
