using System.Globalization;

namespace NeuroDb.Bench;

/// <summary>
/// Texts and keys of two columns through SQL: one by one and in lists of 1,000, by a learned index
/// over a table in segments, the rows read; beside a sorted dictionary, a hash table and binary
/// search of the same texts in the process, which know no SQL. Thread time for each key.
/// </summary>
internal static class TextLookups
{
    private const int KeyCount = 1000;
    private const int Rounds = 5;

    private static readonly string[] Words =
        ["blue", "river", "stone", "market", "garden", "winter", "paper", "silver", "north"];

    /// <summary>Options: --count 200000 --lookups 50000.</summary>
    public static void Run(BenchArguments arguments)
    {
        int count = arguments.Number("count", 200_000);
        int lookups = Math.Max(KeyCount, arguments.Number("lookups", 50_000));
        var report = new BenchReport(
            $"learned --texts: keys in a table of {count:N0} rows, ns a key");
        report.Row(
            "keys", "SQL get", "SQL in lists", "sorted dictionary", "hash", "binary search");
        var random = new DrawSource(3);
        Add(report, "words", count, lookups, i =>
            $"{Word(random)}{random.Next() % 100_000_000}{Word(random)}{i % 10}");
        Add(report, "urls", count, lookups, i => string.Create(
            CultureInfo.InvariantCulture,
            $"https://www.example.com/{Word(random)}/{Word(random)}?id={i * 7919L % 100_000_007}"));
        Add(report, "one_prefix", count, lookups, i => string.Create(
            CultureInfo.InvariantCulture,
            $"customer/archive/{i * 7919L % 100_000_007:D12}"));
        AddPairs(report, count, lookups);
        report.Print(arguments);
    }

    private static string Word(DrawSource random) =>
        Words[(int)(random.Next() % (ulong)Words.Length)];

    private static void Add(
        BenchReport report, string name, int count, int lookups, Func<int, string> keyOf)
    {
        string[] keys = [.. Enumerable.Range(0, count).Select(keyOf).Distinct()];
        string[] queries = Drawn(keys, lookups);
        InTable(
            "k TEXT",
            "k",
            keys.Length,
            (rows, i) => rows.Append(keys[i]),
            session =>
            {
                (double one, double many) = Measure(session, queries);
                var sorted = new SortedDictionary<string, long>(StringComparer.Ordinal);
                var hashed = new Dictionary<string, long>(StringComparer.Ordinal);
                for (int i = 0; i < keys.Length; i++)
                {
                    sorted.Add(keys[i], i);
                    hashed.Add(keys[i], i);
                }

                string[] ordered = [.. keys];
                Array.Sort(ordered, StringComparer.Ordinal);
                double tree = Best(queries, key => sorted[key]);
                double hash = Best(queries, key => hashed[key]);
                double binary = Best(
                    queries,
                    key => Array.BinarySearch(ordered, key, StringComparer.Ordinal));
                report.Row(
                    name, Timing.Cell(one), Timing.Cell(many), Timing.Cell(tree),
                    Timing.Cell(hash), Timing.Cell(binary));
                report.Figure($"{name}_get_ns", one);
                report.Figure($"{name}_batch_ns", many);
                report.Figure($"{name}_sorted_ns", tree);
            });
    }

    private static void AddPairs(BenchReport report, int count, int lookups)
    {
        var random = new DrawSource(5);
        (long, string)[] keys = [.. Enumerable.Range(0, count)
            .Select(i => ((long)i % 1000, $"item {random.Next() % 100_000_000}"))
            .Distinct()];
        (long, string)[] queries = Drawn(keys, lookups);
        InTable(
            "a BIGINT, k TEXT",
            "a, k",
            keys.Length,
            (rows, i) => rows.Append(keys[i].Item1).Append(keys[i].Item2),
            session =>
            {
                using Statement one = session.Prepare("SELECT v FROM t WHERE a = ? AND k = ?");
                double get = Best(queries, key => Sum(one.Query(key.Item1, key.Item2)));
                var sorted = new SortedDictionary<(long, string), long>(
                    Comparer<(long Number, string Text)>.Create(static (x, y) =>
                        x.Number != y.Number
                            ? x.Number.CompareTo(y.Number)
                            : string.CompareOrdinal(x.Text, y.Text)));
                for (int i = 0; i < keys.Length; i++)
                {
                    sorted.Add(keys[i], i);
                }

                double tree = Best(queries, key => sorted[key]);
                report.Row("(BIGINT, TEXT)", Timing.Cell(get), "-", Timing.Cell(tree), "-", "-");
                report.Figure("pair_get_ns", get);
                report.Figure("pair_sorted_ns", tree);
            });
    }

    private static T[] Drawn<T>(T[] keys, int count)
    {
        var random = new DrawSource(9);
        return [.. Enumerable.Range(0, count)
            .Select(_ => keys[(int)(random.Next() % (ulong)keys.Length)])];
    }

    private static void InTable(
        string columns,
        string indexed,
        int count,
        Action<Appender, int> append,
        Action<Session> measure)
    {
        string path = Directory.CreateTempSubdirectory("learned-texts-").FullName;
        try
        {
            using NeuroStore database = NeuroStore.Open(path);
            using Session session = database.OpenSession();
            session.Execute($"CREATE TABLE t ({columns}, v BIGINT)");
            using (Appender rows = session.CreateAppender("t"))
            {
                for (int i = 0; i < count; i++)
                {
                    append(rows, i);
                    rows.Append((long)i).EndRow();
                }

                rows.Complete();
            }

            session.Execute($"CREATE INDEX t_k ON t ({indexed})");
            session.Execute("CHECKPOINT");
            measure(session);
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static (double One, double Many) Measure(Session session, string[] queries)
    {
        using Statement one = session.Prepare("SELECT v FROM t WHERE k = ?");
        double get = Best(queries, key => Sum(one.Query(key)));
        string list = string.Join(",", Enumerable.Repeat("?", KeyCount));
        using Statement many = session.Prepare($"SELECT v FROM t WHERE k IN ({list})");
        object?[][] sets = [.. queries.Chunk(KeyCount)
            .Where(static chunk => chunk.Length == KeyCount)
            .Select(static chunk => (object?[])chunk)];
        return (get, Best(sets, set => Sum(many.Query(set))) / KeyCount);
    }

    private static long Sum(ResultReader rows)
    {
        using (rows)
        {
            long sum = 0;
            while (rows.Read())
            {
                sum += rows.GetInt64(0);
            }

            return sum;
        }
    }

    private static double Best<T>(T[] keys, Func<T, long> find)
    {
        long sum = 0;
        var samples = new double[Rounds + 1];
        for (int round = 0; round < samples.Length; round++)
        {
            samples[round] = ThreadTime.Of(() =>
            {
                foreach (T key in keys)
                {
                    sum += find(key);
                }
            });
        }

        GC.KeepAlive(sum);
        return samples.Skip(1).Order().ElementAt(Rounds / 2) / keys.Length;
    }
}
