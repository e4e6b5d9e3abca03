using System.Diagnostics;

namespace NeuroDb.Bench;

/// <summary>
/// Recall through SQL, by the distances of an exact scan: queries like the rows and unlike them,
/// under conditions that let 0.1, 1, 10 and 50 % of the rows pass, at random, near a place and far
/// from it; after half of the rows is deleted; after new groups are inserted; for every type of
/// column.
/// </summary>
internal static class RecallByStatements
{
    private const int NearestCount = 10;
    private const int Parts = 1000;
    private const int NewGroups = 20;
    private const int SettleMilliseconds = 500;

    /// <summary>Options: --rows 20000 --queries 100 --sets TEXT;TEXT (of names).</summary>
    public static void Run(BenchArguments arguments)
    {
        int rows = arguments.Number("rows", 20_000);
        int queries = arguments.Number("queries", 100);
        string[] names = (arguments.Text("sets", null) ?? "").Split(';');
        var report = new BenchReport(
            $"recall by statements: target 0.99, k = {NearestCount}, {queries} queries of a kind");
        report.Row("set, column", "step", "like", "least unlike");
        IEnumerable<(string Name, Func<RecallSet> Draw)> sets =
            VectorDistributions.All(rows, queries).Concat(OtherDistributions.All(rows, queries))
            .Where(set => names.Any(text =>
                set.Name.Contains(text, StringComparison.OrdinalIgnoreCase)));
        foreach (Func<RecallSet> draw in sets.Select(static set => set.Draw))
        {
            RecallSet set = draw();
            using var folder = new TemporaryFolder("recall");
            using NeuroStore database = NeuroStore.Open(folder.File("db"));
            using Session session = database.OpenSession();
            foreach (string type in TypesOf(set))
            {
                Measure(report, session, set, type);
            }
        }

        report.Print(arguments);
    }

    private static IEnumerable<string> TypesOf(RecallSet set)
    {
        bool isWhole = set.Rows.Vectors.All(static element =>
            element is >= -128 and <= 127 && element == MathF.Round(element));
        bool isBits = set.Rows.Vectors.All(static element => element is 0 or 1);
        return isBits ? ["BITVEC"] : isWhole ? ["VECTOR", "INT8VEC"] : ["VECTOR", "HALFVEC"];
    }

    private static void Measure(
        BenchReport report, Session session, RecallSet set, string type)
    {
        int dimension = set.Rows.Dimension;
        string table = $"items_{type}";
        bool isBits = type == "BITVEC";
        session.Execute($"CREATE TABLE {table} (id BIGINT PRIMARY KEY, chance BIGINT, "
            + $"place BIGINT, vec {type}({dimension}))");
        Insert(session, table, set.Rows, 0);
        session.Execute($"CREATE INDEX {table}_vec ON {table} USING vector "
            + $"(vec {(isBits ? "bit_hamming_ops" : "vector_l2_ops")})");
        Await(session, table);
        Ask(report, session, set, table, type, "all rows", "");
        bool isVector = type == "VECTOR";
        foreach (int share in isVector ? (int[])[1, 10, 100, 500] : [])
        {
            foreach ((string name, string condition) in ((string, string)[])[
                ("at random", $"WHERE chance < {share}"),
                ("near a place", $"WHERE place < {share}"),
                ("far from it", $"WHERE place >= {Parts - share}")])
            {
                Ask(report, session, set, table, type, $"{share / 10.0} % {name}", condition);
            }
        }

        if (isVector)
        {
            session.Execute($"DELETE FROM {table} WHERE (id * 7919) % 101 < 50");
            Ask(report, session, set, table, type, "half deleted", "");
            Insert(session, table, Grouped(set.Rows), set.Rows.Count);
            Await(session, table);
            Ask(report, session, set, table, type, "new groups inserted", "");
        }
    }

    private static void Ask(
        BenchReport report, Session session, RecallSet set, string table, string type,
        string step, string condition)
    {
        string distance = type == "BITVEC" ? "vec <~> $1" : "vec <-> $1";
        using Statement search = session.Prepare(
            $"SELECT {distance} FROM {table} {condition} ORDER BY {distance} LIMIT {NearestCount}");
        double like = 1;
        (double Recall, string Kind) least = (2, "");
        foreach ((string kind, VectorFile queries) in set.Queries)
        {
            double recall = RecallOf(session, search, queries, type == "BITVEC");
            like = kind == "like" ? recall : like;
            least = kind != "like" && recall < least.Recall ? (recall, kind) : least;
        }

        report.Row($"{set.Name}, {type}", step, $"{like:F4}", $"{least.Recall:F4} ({least.Kind})");
        Console.Error.WriteLine(
            $"{set.Name}, {type} | {step} | {like:F4} | {least.Recall:F4} ({least.Kind})");
    }

    private static double RecallOf(
        Session session, Statement search, VectorFile queries, bool isBits)
    {
        double[][] found = AllOf(session, search, queries, isBits, "on");
        double[][] exact = AllOf(session, search, queries, isBits, "off");
        long hits = 0;
        for (int i = 0; i < found.Length; i++)
        {
            double bound = exact[i].Length == 0 ? 0 : exact[i][^1] * (1 + 1e-6);
            hits += found[i].Count(distance => distance <= bound);
        }

        long wanted = exact.Sum(static answer => (long)answer.Length);
        return wanted == 0 ? 1 : (double)hits / wanted;
    }

    private static double[][] AllOf(
        Session session, Statement search, VectorFile queries, bool isBits, string ann)
    {
        session.Execute($"SET ann = {ann}");
        var answers = new double[queries.Count][];
        for (int i = 0; i < answers.Length; i++)
        {
            answers[i] = isBits
                ? OfBits(search, queries.Row(i))
                : SearchedDistances.Of(search, queries.Row(i));
        }

        session.Execute("SET ann = on");
        return answers;
    }

    private static double[] OfBits(Statement search, float[] query)
    {
        var distances = new List<double>();
        var bits = new System.Collections.BitArray(
            Array.ConvertAll(query, static element => element > 0.5f));
        using ResultReader reader = search.Query(bits);
        while (reader.Read())
        {
            distances.Add(reader.GetDouble(0));
        }

        return [.. distances];
    }

    /// <summary>
    /// Inserts rows, each with a number at random and the rank of its distance from the first row,
    /// of a thousand.
    /// </summary>
    private static void Insert(Session session, string table, VectorFile rows, int firstId)
    {
        int[] order = [.. Enumerable.Range(0, rows.Count).OrderBy(row => DistanceTruth.DistanceOf(
            Gpu.Metric.L2, rows.Row(row), rows.Row(0)))];
        var places = new int[rows.Count];
        for (int i = 0; i < order.Length; i++)
        {
            places[order[i]] = (int)((long)i * Parts / order.Length);
        }

        var random = new Random(3);
        using Statement insert = session.Prepare(
            $"INSERT INTO {table} VALUES ($1, $2, $3, {CastOf(table, rows)})");
        session.Execute("BEGIN");
        for (int row = 0; row < rows.Count; row++)
        {
            insert.Execute(
                (long)(firstId + row), (long)random.Next(Parts), (long)places[row], rows.Row(row));
        }

        session.Execute("COMMIT");
    }

    private static string CastOf(string table, VectorFile rows) =>
        $"CAST($4 AS {table["items_".Length..]}({rows.Dimension}))";

    /// <summary>Half as many rows, some distance along the first few of them.</summary>
    private static VectorFile Grouped(VectorFile rows)
    {
        var grouped = new float[rows.Count / 2 * rows.Dimension];
        for (int i = 0; i < grouped.Length; i++)
        {
            int center = i / rows.Dimension % NewGroups;
            float far = rows.Vectors[(center * rows.Dimension) + (i % rows.Dimension)];
            grouped[i] = (1.4f * far) + (0.2f * rows.Vectors[i]);
        }

        return new VectorFile(grouped, rows.Dimension);
    }

    /// <summary>Waits until the processor has nothing to do: searches have parts made.</summary>
    private static void Await(Session session, string table)
    {
        session.Execute($"REINDEX INDEX {table}_vec");
        session.Execute("CHECKPOINT");
        double share = 1;
        while (share > 0.05)
        {
            double begin = ProcessMemory.CpuSeconds();
            long clock = Stopwatch.GetTimestamp();
            Thread.Sleep(SettleMilliseconds);
            share = (ProcessMemory.CpuSeconds() - begin)
                / Stopwatch.GetElapsedTime(clock).TotalSeconds;
        }
    }
}
