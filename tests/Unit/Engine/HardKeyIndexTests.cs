namespace NeuroDb.Tests.Unit;

/// <summary>Indexes of keys that no model of lines is worth its memory for.</summary>
public sealed class HardKeyIndexTests
{
    private const int Count = 120_000;
    private const int StepCount = 40;

    [Fact]
    public void An_index_of_keys_that_defeat_lines_is_a_tree_and_says_so()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "db");
        long[] keys = Jumps();
        for (int opening = 0; opening < 2; opening++)
        {
            using NeuroStore database = NeuroStore.Open(path);
            using Session session = database.OpenSession();
            if (opening == 0)
            {
                Fill(session, keys);
            }

            Assert.Equal("tree", Figure<string>(session, "steps_k", "structure"));
            Assert.Equal("learned", Figure<string>(session, "steps_k", "kind"));
            Assert.Equal(0, Figure<long>(session, "steps_k", "error_bound"));
            Assert.Equal(0, Figure<long>(session, "steps_k", "segments"));
            Assert.Equal(Count, Figure<long>(session, "steps_k", "distinct_codes"));

            // Twelve bytes a row, and one code for each 32 rows in nodes of sixteen.
            long bytes = Figure<long>(session, "steps_k", "bytes");
            Assert.InRange(bytes, Count * 12, (Count * 12.27) + 4096);

            // The same table has an index that lines suit.
            Assert.Equal("learned", Figure<string>(session, "steps_id", "structure"));
            Assert.InRange(Figure<long>(session, "steps_id", "segments"), 1, 3);
            long before = Figure<long>(session, "steps_k", "lookups");
            CheckAnswers(session, keys);
            Assert.InRange(Figure<long>(session, "steps_k", "lookups") - before, 2000, 4000);
        }
    }

    // Steps of neighbours, and between them jumps of lengths that no line foresees: a line that is
    // right about two steps is wrong by up to twenty places.
    private static long[] Jumps()
    {
        var random = new Random(11);
        var keys = new long[Count];
        long key = long.MinValue;
        for (int i = 0; i < Count; i++)
        {
            keys[i] = key += i % StepCount == 0 ? 1L << random.Next(14, 42) : 1;
        }

        return keys;
    }

    private static void Fill(Session session, long[] keys)
    {
        session.Execute("CREATE TABLE steps (id BIGINT, k BIGINT)");
        using (Appender rows = session.CreateAppender("steps"))
        {
            for (int i = Count - 1; i >= 0; i--)
            {
                rows.Append((long)i).Append(keys[i]).EndRow();
            }

            rows.Complete();
        }

        session.Execute("CREATE INDEX steps_k ON steps (k)");
        session.Execute("CREATE INDEX steps_id ON steps (id)");
        session.Execute("CHECKPOINT");
    }

    private static T? Figure<T>(Session session, string index, string column) =>
        session.QueryScalar<T>(
            $"SELECT {column} FROM neuro.index_stats WHERE \"index\" = ?", index);

    private static void CheckAnswers(Session session, long[] keys)
    {
        var random = new Random(12);
        using Statement one = session.Prepare("SELECT id FROM steps WHERE k = ?");
        for (int i = 0; i < 1000; i++)
        {
            long key = keys[random.Next(Count)] + random.Next(2);
            int place = Array.BinarySearch(keys, key);
            using ResultReader found = one.Query(key);
            Assert.Equal(place >= 0, found.Read());
            Assert.True(place < 0 || found.GetInt64(0) == place);
        }

        using Statement range =
            session.Prepare("SELECT count(*), min(id), max(id) FROM steps WHERE k BETWEEN ? AND ?");
        for (int i = 0; i < 20; i++)
        {
            int from = random.Next(Count - 1000);
            using ResultReader rows = range.Query(keys[from], keys[from + 500]);
            Assert.True(rows.Read());
            Assert.Equal(501, rows.GetInt64(0));
            Assert.Equal(from, rows.GetInt64(1));
            Assert.Equal(from + 500, rows.GetInt64(2));
        }

        object?[] list = [.. Enumerable.Range(0, 1000).Select(i => (object?)keys[i * 119])];
        string marks = string.Join(',', Enumerable.Repeat("?", list.Length));
        Assert.Equal(
            Enumerable.Range(0, 1000).Sum(static i => i * 119L),
            session.QueryScalar<long>($"SELECT sum(id) FROM steps WHERE k IN ({marks})", list));
        Assert.Equal(
            Count - 1,
            session.QueryScalar<long>("SELECT id FROM steps ORDER BY k DESC LIMIT 1"));
    }
}
