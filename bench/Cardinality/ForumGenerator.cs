using System.Globalization;

namespace NeuroDb.Bench;

/// <summary>
/// A forum in the shape of the STATS data set: few users write most of the posts and earn most of
/// the badges, and what they are known for depends on that; old posts have more views, answers and
/// links. Every number follows from the seed.
/// </summary>
internal sealed class ForumGenerator
{
    private const int UserCount = 40_325;
    private const int PostCount = 91_976;
    private const int BadgeCount = 79_851;
    private const int LinkCount = 11_102;
    private const int TagCount = 1_032;
    private const long Day = 86_400_000_000;

    private static readonly (string Left, string LeftColumn, string Right, string RightColumn)[]
        Edges =
        [
            ("badges", "UserId", "users", "Id"),
            ("posts", "OwnerUserId", "users", "Id"),
            ("posts", "LastEditorUserId", "users", "Id"),
            ("postLinks", "PostId", "posts", "Id"),
            ("postLinks", "RelatedPostId", "posts", "Id"),
            ("tags", "ExcerptPostId", "posts", "Id"),
            ("badges", "UserId", "posts", "OwnerUserId"),
        ];

    private readonly SeededRandomSource _random;
    private readonly long _start = ForumTable.Microseconds("2010-07-19 00:00:00");

    /// <summary>Makes the tables.</summary>
    public ForumGenerator(ulong seed)
    {
        _random = new SeededRandomSource(seed);
        double[] activity =
            [.. Enumerable.Range(0, UserCount).Select(_ => Math.Pow(Uniform(), -0.9))];
        var joined = new long[UserCount];
        List<long?[]> users = Users(activity, joined);
        List<long?[]> posts = Posts(Cumulative(activity), joined);
        double[] fame = Cumulative(
            [.. posts.Select(static post => 1.0 + Math.Pow(post[4] ?? 20, 0.8))]);
        Tables =
        [
            new ForumTable(
                "users",
                ["Id", "Reputation", "CreationDate", "Views", "UpVotes", "DownVotes"],
                users),
            new ForumTable(
                "posts",
                [
                    "Id", "PostTypeId", "CreationDate", "Score", "ViewCount", "OwnerUserId",
                    "AnswerCount", "CommentCount", "FavoriteCount", "LastEditorUserId",
                ],
                posts),
            new ForumTable(
                "badges", ["Id", "UserId", "Date"], Badges(Cumulative(activity), joined)),
            new ForumTable(
                "postLinks",
                ["Id", "CreationDate", "PostId", "RelatedPostId", "LinkTypeId"],
                Links(fame, posts)),
            new ForumTable("tags", ["Id", "Count", "ExcerptPostId"], Tags(posts)),
        ];
    }

    /// <summary>The tables.</summary>
    public List<ForumTable> Tables { get; }

    /// <summary>
    /// Sub-plans with rows: 190 of two tables, 107 of three and 32 of four, as many as those of
    /// STATS-CEB that have these tables.
    /// </summary>
    public List<SubPlan> DrawPlans()
    {
        var plans = new List<SubPlan>();
        foreach ((int tables, int count) in new[] { (2, 190), (3, 107), (4, 32) })
        {
            int wanted = plans.Count + count;
            while (plans.Count < wanted)
            {
                if (Draw(tables) is { } plan && plan.Count() >= 10)
                {
                    plans.Add(plan);
                }
            }
        }

        return plans;
    }

    private double Uniform() => (_random.NextUInt64() >> 11) * (1.0 / (1UL << 53));

    private double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    private int Below(int count) => (int)(_random.NextUInt64() % (ulong)count);

    private static double[] Cumulative(double[] weights)
    {
        var sums = new double[weights.Length];
        double sum = 0;
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = sum += weights[i];
        }

        return sums;
    }

    private int Pick(double[] cumulative)
    {
        int at = Array.BinarySearch(cumulative, Uniform() * cumulative[^1]);
        return Math.Min(cumulative.Length - 1, at < 0 ? ~at : at);
    }

    private List<long?[]> Users(double[] activity, long[] joined)
    {
        var users = new List<long?[]>(UserCount);
        for (int i = 0; i < UserCount; i++)
        {
            joined[i] = _start + (long)(Uniform() * 1500 * Day);
            double fame = activity[i] * Math.Exp(0.8 * Normal());
            users.Add(
            [
                i + 1, 1 + (long)(20 * (fame - 0.3)), joined[i], (long)(4 * fame),
                (long)(0.8 * activity[i] * Math.Exp(Normal())), (long)(0.05 * fame),
            ]);
        }

        return users;
    }

    private List<long?[]> Posts(double[] activity, long[] joined)
    {
        var posts = new List<long?[]>(PostCount);
        for (int i = 0; i < PostCount; i++)
        {
            int owner = Pick(activity);
            bool isQuestion = Uniform() < 0.47;
            long left = _start + (1515 * Day) - joined[owner];
            long moment = joined[owner] + (long)(Uniform() * left);
            double age = 1 - ((moment - _start) / (1515.0 * Day));
            double fame = Math.Exp((1.1 * Normal()) + (1.5 * age));
            posts.Add(
            [
                i + 1, isQuestion ? 1 : Uniform() < 0.98 ? 2 : 4, moment,
                (long)(1.5 * fame) - (Uniform() < 0.05 ? 2 : 0),
                isQuestion ? 20 + (long)(120 * fame * Math.Exp(0.4 * Normal())) : null,
                Uniform() < 0.985 ? owner + 1 : null,
                isQuestion ? (long)(0.7 * Math.Sqrt(fame)) : null,
                (long)(Uniform() < 0.45 ? 0 : 1.6 * fame * Uniform()),
                isQuestion && Uniform() < 0.3 ? 1 + (long)(0.5 * fame) : null,
                Uniform() < 0.45 ? Pick(activity) + 1 : null,
            ]);
        }

        return posts;
    }

    private List<long?[]> Badges(double[] activity, long[] joined)
    {
        var badges = new List<long?[]>(BadgeCount);
        for (int i = 0; i < BadgeCount; i++)
        {
            int user = Uniform() < 0.35 ? Below(UserCount) : Pick(activity);
            badges.Add(
            [
                i + 1, user + 1,
                joined[user] + (long)(Uniform() * (_start + (1515 * Day) - joined[user])),
            ]);
        }

        return badges;
    }

    private List<long?[]> Links(double[] fame, List<long?[]> posts)
    {
        var links = new List<long?[]>(LinkCount);
        for (int i = 0; i < LinkCount; i++)
        {
            long?[] post = posts[Below(PostCount)];
            links.Add(
            [
                i + 1, post[2] + (long)(Uniform() * 200 * Day), post[0], posts[Pick(fame)][0],
                Uniform() < 0.9 ? 1 : 3,
            ]);
        }

        return links;
    }

    private List<long?[]> Tags(List<long?[]> posts)
    {
        var tags = new List<long?[]>(TagCount);
        for (int i = 0; i < TagCount; i++)
        {
            tags.Add(
            [
                i + 1, (long)Math.Pow(Uniform(), -1.2),
                Uniform() < 0.58 ? posts[Below(PostCount)][0] : null,
            ]);
        }

        return tags;
    }

    private SubPlan? Draw(int count)
    {
        var chosen = new List<string> { Tables[Below(Tables.Count)].Name };
        var parts = new List<string>();
        while (chosen.Count < count)
        {
            var edge = Edges[Below(Edges.Length)];
            if (chosen.Contains(edge.Left) == chosen.Contains(edge.Right))
            {
                continue;
            }

            chosen.Add(chosen.Contains(edge.Left) ? edge.Right : edge.Left);
            parts.Add($"{edge.Left}.{edge.LeftColumn} = {edge.Right}.{edge.RightColumn}");
        }

        foreach (string name in chosen)
        {
            AddConditions(Tables.Find(table => table.Name == name)!, parts);
        }

        return SubPlan.Parse(
            $"SELECT COUNT(*) FROM {string.Join(", ", chosen.Select(name => $"{name} as {name}"))} "
            + $"WHERE {string.Join(" AND ", parts)};",
            Tables);
    }

    // Bounds are values of rows, so that common values are asked for most.
    private void AddConditions(ForumTable table, List<string> parts)
    {
        int count = Below(4);
        for (int i = 0; i < count; i++)
        {
            int column = 1 + Below(table.Columns.Length - 1);
            string name = table.Columns[column];
            long? value = table.Rows[Below(table.Rows.Count)][column];
            if (value is null || (name.EndsWith("Id", StringComparison.Ordinal)
                && !name.EndsWith("TypeId", StringComparison.Ordinal)))
            {
                continue;
            }

            string operation = ForumTable.IsMoment(name)
                ? Below(2) == 0 ? "<=" : ">="
                : name.EndsWith("TypeId", StringComparison.Ordinal) ? "="
                : new[] { "<=", ">=", "=" }[Below(3)];
            parts.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{table.Name}.{name}{operation}{table.Literal(value, column)}"));
        }
    }
}
