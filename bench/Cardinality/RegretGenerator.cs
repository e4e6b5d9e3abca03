using System.Globalization;

namespace NeuroDb.Bench;

/// <summary>
/// A forum whose few most active users own most of what is there and whose most seen posts have
/// most votes and links, and queries over it of the shapes in which orders of joins matter. All
/// follows from the seed.
/// </summary>
internal sealed class RegretGenerator(ulong seed)
{
    private const int UserCount = 40_000;
    private const int PostCount = 90_000;

    private static readonly (string Child, string Key, string Parent)[] References =
    [
        ("posts", "owner", "users"), ("badges", "owner", "users"), ("votes", "voter", "users"),
        ("votes", "post", "posts"), ("links", "post", "posts"), ("posts", "topic", "topics"),
    ];

    private readonly SeededRandomSource _random = new(seed);

    /// <summary>The columns of a table, or of what stands for it, that others are joined by.
    /// </summary>
    public static string[] KeysOf(string alias) => alias switch
    {
        "posts" => ["id", "owner", "topic"],
        "badges" => ["owner"],
        "votes" => ["post", "voter"],
        "links" => ["post"],
        _ => ["id"],
    };

    /// <summary>The statements that make the tables and their indexes.</summary>
    public static IEnumerable<string> Definitions =>
    [
        "CREATE TABLE users (id BIGINT PRIMARY KEY, fame BIGINT, age BIGINT)",
        "CREATE TABLE topics (id BIGINT PRIMARY KEY, area BIGINT)",
        "CREATE TABLE posts (id BIGINT PRIMARY KEY, owner BIGINT, topic BIGINT, score BIGINT, "
            + "kind BIGINT)",
        "CREATE TABLE badges (id BIGINT PRIMARY KEY, owner BIGINT, class BIGINT)",
        "CREATE TABLE votes (id BIGINT PRIMARY KEY, post BIGINT, voter BIGINT, kind BIGINT)",
        "CREATE TABLE links (id BIGINT PRIMARY KEY, post BIGINT, kind BIGINT)",
        "CREATE INDEX posts_owner ON posts (owner)",
        "CREATE INDEX badges_owner ON badges (owner)",
        "CREATE INDEX votes_post ON votes (post)",
        "CREATE INDEX links_post ON links (post)",
    ];

    /// <summary>The rows of each table.</summary>
    public IEnumerable<(string Table, List<long[]> Rows)> Tables()
    {
        yield return ("users", Rows(UserCount, i => [i, 100_000 / i, 18 + Below(60)]));
        yield return ("topics", Rows(400, i => [i, i % 9]));
        yield return ("posts", Rows(PostCount, i =>
        {
            long owner = Skewed(UserCount);
            return [i, owner, Skewed(400), Below(1 + (200_000 / (owner + 100))), Below(5)];
        }));
        yield return ("badges", Rows(80_000, i =>
        {
            long owner = Skewed(UserCount);
            return [i, owner, owner < 200 ? Below(3) : Below(9)];
        }));
        yield return ("votes", Rows(200_000, i =>
            [i, Skewed(PostCount), Skewed(UserCount), Below(12)]));
        yield return ("links", Rows(12_000, i => [i, Skewed(PostCount), Below(11)]));
    }

    /// <summary>Some queries, of each shape about as many.</summary>
    public IEnumerable<RegretQuery> Queries()
    {
        while (true)
        {
            yield return Draw("star", ["posts", "users", "links", "topics"]);
            yield return Draw("chain", ["badges", "users", "posts", "links"]);
            yield return Clique();
            yield return Draw("derived", Some(4), 2);
            yield return Draw("WITH", Some(4), Below(2) == 0 ? 2 : 3);
            yield return Draw("GROUP BY", Some(3), change: Group);
            yield return Draw("semi join", Some(3), change: Test);
            yield return Draw("outer join", Some(3), change: Outer);
            yield return Draw("LIMIT", Some(3), change: Limit);
            yield return Draw("views of groups", Some(4), 2, Group);
        }
    }

    private int Below(long count) => (int)(_random.NextUInt64() % (ulong)count);

    private double Uniform() => (_random.NextUInt64() >> 11) * (1.0 / (1UL << 53));

    // Few values have most rows.
    private long Skewed(long count) => 1 + (long)(count * Math.Pow(Uniform(), 3));

    private static List<long[]> Rows(int count, Func<long, long[]> make) =>
        [.. Enumerable.Range(1, count).Select(i => make(i))];

    private string Number(long from, long to) =>
        (from + Below(to - from)).ToString(CultureInfo.InvariantCulture);

    // Tables each of which refers to another of them, or is referred to.
    private List<string> Some(int count)
    {
        var chosen = new List<string> { Below(2) == 0 ? "posts" : "users" };
        while (chosen.Count < count)
        {
            (string child, _, string parent) = References[Below(References.Length)];
            if (chosen.Contains(child) != chosen.Contains(parent))
            {
                chosen.Add(chosen.Contains(child) ? parent : child);
            }
        }

        return chosen;
    }

    private RegretQuery Draw(
        string shape,
        List<string> names,
        int inner = 0,
        Func<RegretTable, RegretTable>? change = null)
    {
        var tables = new List<RegretTable>();
        foreach (string name in names)
        {
            var links = new List<(string, string, string)>();
            foreach ((string child, string key, string parent) in References)
            {
                if (links.Count == 0 && child == name && tables.Exists(t => t.Alias == parent))
                {
                    links.Add((key, parent, "id"));
                }
                else if (links.Count == 0 && parent == name
                    && tables.Exists(t => t.Alias == child))
                {
                    links.Add(("id", child, key));
                }
            }

            tables.Add(new RegretTable(name, name, ConditionOn(name), "JOIN", links));
        }

        if (change is not null)
        {
            tables[^1] = change(tables[^1]);
        }

        return new RegretQuery(shape, tables, inner);
    }

    // Users, and what they own, all joined with each other.
    private RegretQuery Clique()
    {
        string[] names = [.. new[] { "posts", "badges", "votes" }.OrderBy(_ => Below(100))];
        var tables = new List<RegretTable>
        {
            new("users", "users", ConditionOn("users"), "JOIN", []),
        };
        foreach (string name in names)
        {
            string key = name == "votes" ? "voter" : "owner";
            tables.Add(new RegretTable(name, name, ConditionOn(name), "JOIN",
            [
                .. tables.Select(other => (
                    key,
                    other.Alias,
                    other.Alias == "users" ? "id" : other.Alias == "votes" ? "voter" : "owner")),
            ]));
        }

        return new RegretQuery("clique", tables, 0);
    }

    private string? ConditionOn(string name)
    {
        string?[] choices = name switch
        {
            "users" =>
            [
                $"users.fame = {Number(1, 40)}", $"users.fame > {Number(3, 3000)}",
                $"users.age < {Number(19, 70)}", $"users.fame < 10 AND users.age = 33",
                $"users.id < {Number(10, 30_000)}", null,
            ],
            "posts" =>
            [
                $"posts.score = {Number(0, 200)}", $"posts.score > {Number(1, 500)}",
                $"posts.id > {Number(1, 89_000)}", $"posts.kind = 1 AND posts.score > 100", null,
            ],
            "topics" => [$"topics.area = {Number(0, 9)}", $"topics.id < {Number(2, 300)}", null],
            "badges" => [$"badges.class = {Number(0, 9)}", $"badges.class > {Number(2, 7)}", null],
            "votes" => [$"votes.kind = {Number(0, 12)}", $"votes.id < {Number(9, 150_000)}", null],
            _ => [$"links.kind = {Number(0, 11)}", $"links.id < {Number(9, 9_000)}", null],
        };
        return choices[Below(choices.Length)];
    }

    // One row for each value of the column that it is joined by.
    private static RegretTable Group(RegretTable table)
    {
        string key = table.Links[0].Own;
        string where = table.Condition is null ? "" : $" WHERE {table.Condition}";
        string others = string.Concat(KeysOf(table.Alias)
            .Where(column => column != key)
            .Select(static column => $", max({column}) AS {column}"));
        return table with
        {
            Source = $"(SELECT {key}{others}, count(*) AS n FROM {table.Alias}{where} "
                + $"GROUP BY {key})",
            Condition = null,
        };
    }

    private RegretTable Test(RegretTable table) =>
        table with { Kind = Below(3) == 0 ? "NOT EXISTS" : "EXISTS" };

    private static RegretTable Outer(RegretTable table) => table with { Kind = "LEFT JOIN" };

    private RegretTable Limit(RegretTable table) => table with
    {
        Source = $"(SELECT * FROM {table.Alias} ORDER BY id DESC LIMIT {Number(10, 3000)})",
    };
}
