using System.Globalization;

namespace NeuroDb.Tests.Sql;

/// <summary>
/// Makes random expressions that mean the same in SQLite and in NeuroStore: typed throughout, with
/// numbers small enough that nothing overflows.
/// </summary>
internal sealed class ExpressionGenerator(Random random)
{
    private static readonly string[] Texts =
    [
        "", "a", "b", "ab", "abc", "B", "a%", "_x", " pad ", "zebra", "10", "\u65E5\u672C",
        "\U0001D11E", "\uFFFD", "it''s", "Abc",
    ];

    private static readonly string[] Patterns =
    [
        "%", "a%", "%b", "_b%", "%a%b%", "a!%", "", "__", "%c", "abc", "\u65E5%", "_",
    ];

    /// <summary>The columns in scope.</summary>
    public IReadOnlyList<GeneratedColumn> Columns { get; set; } = [];

    /// <summary>Where literals go as parameters; null to write them out.</summary>
    public List<object?>? Parameters { get; init; }

    /// <summary>Makes a subquery over other tables, or null where there are none.</summary>
    public Func<int, GeneratedType, string?>? Subquery { get; set; }

    /// <summary>Makes a query for EXISTS.</summary>
    public Func<int, string?>? ExistsQuery { get; set; }

    public bool Chance(int percent) => random.Next(100) < percent;

    public T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    public GeneratedType AnyType() => (GeneratedType)random.Next(3);

    /// <summary>An expression of a type.</summary>
    public string Make(GeneratedType type, int depth)
    {
        if (depth <= 0 || Chance(20))
        {
            return Leaf(type);
        }

        if (Chance(8) && Subquery?.Invoke(depth - 1, type) is string subquery)
        {
            return subquery;
        }

        return random.Next(12) switch
        {
            0 => $"CASE WHEN {Condition(depth - 1)} THEN {Make(type, depth - 1)} "
                + $"ELSE {Make(type, depth - 1)} END",
            1 => $"CASE {Make(GeneratedType.Whole, depth - 1)} WHEN "
                + $"{Make(GeneratedType.Whole, depth - 1)} THEN {Make(type, depth - 1)} END",
            2 => $"coalesce({Make(type, depth - 1)}, {Make(type, depth - 1)})",
            3 => $"nullif({Make(type, depth - 1)}, {Make(type, depth - 1)})",
            4 => $"iif({Condition(depth - 1)}, {Make(type, depth - 1)}, {Make(type, depth - 1)})",
            5 => $"{(Chance(50) ? "max" : "min")}({Make(type, depth - 1)}, "
                + $"{Make(type, depth - 1)})",
            _ => type switch
            {
                GeneratedType.Whole => Whole(depth),
                GeneratedType.Real => Real(depth),
                _ => Text(depth),
            },
        };
    }

    /// <summary>A condition.</summary>
    public string Condition(int depth)
    {
        if (depth <= 0)
        {
            return Comparison(0);
        }

        GeneratedType type = AnyType();
        string not = Chance(30) ? "NOT " : "";
        return random.Next(13) switch
        {
            0 => $"({Condition(depth - 1)} AND {Condition(depth - 1)})",
            1 => $"({Condition(depth - 1)} OR {Condition(depth - 1)})",
            2 => $"NOT {Condition(depth - 1)}",
            3 => $"({Make(type, depth - 1)} {not}BETWEEN {Make(type, depth - 1)} AND "
                + $"{Make(type, depth - 1)})",
            4 => $"({Make(type, depth - 1)} {not}IN ({List(type, depth - 1)}))",
            5 => $"({Make(type, depth - 1)} IS {not}NULL)",
            6 => $"({Make(GeneratedType.Text, depth - 1)} {not}LIKE '{Pick(Patterns)}' "
                + "ESCAPE '!')",
            7 => $"({Make(GeneratedType.Text, depth - 1)} {not}GLOB "
                + $"'{Pick(["a*", "*b", "?", "[a-c]*", "*[^b]", ""])}')",
            8 => $"({Make(type, depth - 1)} IS {not}{Make(type, depth - 1)})",
            9 when ExistsQuery?.Invoke(depth - 1) is string query => $"{not}EXISTS ({query})",
            10 when Subquery?.Invoke(depth - 1, type) is string subquery =>
                $"({Make(type, depth - 1)} {not}IN {subquery.Replace(" LIMIT 1)", ")",
                    StringComparison.Ordinal)})",
            11 => $"({Condition(depth - 1)}) = ({Condition(depth - 1)})",
            _ => Comparison(depth),
        };
    }

    private string Comparison(int depth)
    {
        GeneratedType left = AnyType();
        GeneratedType right = left == GeneratedType.Text || Chance(70)
            ? left
            : Chance(50) ? GeneratedType.Whole : GeneratedType.Real;
        string sign = Pick(["=", "<>", "<", "<=", ">", ">=", "==", "!="]);
        return $"({Make(left, depth - 1)} {sign} {Make(right, depth - 1)})";
    }

    private string List(GeneratedType type, int depth) => string.Join(
        ", ",
        Enumerable.Range(0, random.Next(5))
            .Select(_ => Chance(15) ? "NULL" : Make(type, Math.Min(depth, 1))));

    private string Leaf(GeneratedType type)
    {
        GeneratedColumn[] fitting = [.. Columns.Where(column => column.Type == type)];
        if (fitting.Length > 0 && Chance(75))
        {
            return Pick(fitting).Name;
        }

        if (Chance(7))
        {
            return type switch
            {
                GeneratedType.Whole => "CAST(NULL AS INTEGER)",
                GeneratedType.Real => "CAST(NULL AS DOUBLE PRECISION)",
                _ => "CAST(NULL AS TEXT)",
            };
        }

        return type switch
        {
            GeneratedType.Whole => Literal((long)random.Next(-20, 40)),
            GeneratedType.Real => Literal(random.Next(-40, 80) / 4.0),
            _ => Literal(Pick(Texts)),
        };
    }

    private string Literal(object value)
    {
        if (Parameters is not null && Chance(60))
        {
            Parameters.Add(value is string quoted
                ? quoted.Replace("''", "'", StringComparison.Ordinal)
                : value);
            return $"${Parameters.Count}";
        }

        return value switch
        {
            string text => $"'{text}'",
            double number => number.ToString("0.0#", CultureInfo.InvariantCulture) + "e0",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    private string Whole(int depth)
    {
        string left = Make(GeneratedType.Whole, depth - 1);
        string right = Make(GeneratedType.Whole, depth - 1);
        return random.Next(10) switch
        {
            0 => $"({left} + {right})",
            1 => $"({left} - {right})",
            2 => $"(({left} % 50) * ({right} % 50))",
            3 => $"({left} / {right})",
            4 => $"({left} % {right})",
            5 => $"abs({left})",
            6 => $"(- {left})",
            7 => $"length({Make(GeneratedType.Text, depth - 1)})",
            8 => $"instr({Make(GeneratedType.Text, depth - 1)}, "
                + $"{Make(GeneratedType.Text, depth - 1)})",
            _ => $"({left} {Pick(["&", "|"])} {right})",
        };
    }

    private string Real(int depth)
    {
        string left = Make(GeneratedType.Real, depth - 1);
        string right = Make(Chance(60) ? GeneratedType.Real : GeneratedType.Whole, depth - 1);
        return random.Next(6) switch
        {
            0 => $"({left} + {right})",
            1 => $"({left} - {right})",
            2 => $"({left} * 2)",
            3 => $"({left} / 4)",
            4 => $"abs({left})",
            _ => $"(- {left})",
        };
    }

    private string Text(int depth)
    {
        string text = Make(GeneratedType.Text, depth - 1);
        return random.Next(8) switch
        {
            0 => $"({text} || {Make(GeneratedType.Text, depth - 1)})",
            1 => $"upper({text})",
            2 => $"lower({text})",
            3 => $"substr({text}, {random.Next(-3, 4)}, {random.Next(-1, 4)})",
            4 => $"trim({text})",
            5 => $"replace({text}, 'a', {Make(GeneratedType.Text, depth - 1)})",
            6 => $"({text} || {Make(GeneratedType.Whole, depth - 1)})",
            _ => $"CAST({Make(GeneratedType.Whole, depth - 1)} AS TEXT)",
        };
    }
}
