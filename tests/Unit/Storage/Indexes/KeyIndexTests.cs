using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>The hash index of keys while its table grows under added rows.</summary>
public sealed class KeyIndexTests
{
    [Theory]
    [InlineData(1, 1 << 30)]
    [InlineData(1, 30_000)]
    [InlineData(7, 1 << 30)]
    [InlineData(7, 5_000)]
    [InlineData(5_000, 90_000)]
    public void Every_key_is_found_by_its_newest_row_while_the_table_grows(int batch, int keys)
    {
        const int Total = 150_000;
        var rows = new Rows();
        var index = new KeyIndex(rows);
        var newest = new Dictionary<long, long>();
        var random = new Random(batch + keys);
        var order = new List<long>();
        while (rows.Keys.Count < Total)
        {
            for (int i = 0; i < batch; i++)
            {
                long key = random.Next(keys);
                newest[key] = rows.Keys.Count;
                order.Add(key);
                rows.Keys.Add(key);
            }

            index.AddAll();
            Assert.Equal(rows.Keys.Count, index.RowCount);
            for (int i = 0; i < 8; i++)
            {
                long key = order[random.Next(order.Count)];
                Assert.Contains(newest[key], Candidates(index, key));
            }

            if (rows.Keys.Count % 10_000 < batch)
            {
                foreach ((long key, long row) in newest)
                {
                    Assert.Contains(row, Candidates(index, key));
                }

                Assert.Equal(newest.Count, index.Count);
                Assert.DoesNotContain(
                    Candidates(index, -1), row => rows.Keys[(int)row] == -1);
            }
        }
    }

    [Fact]
    public void No_single_row_copies_much_of_a_large_table()
    {
        var rows = new Rows();
        var index = new KeyIndex(rows);
        long most = 0;
        for (long i = 0; i < 200_000; i++)
        {
            rows.Keys.Add(i * 7);
            long before = index.CopiedCount;
            index.AddAll();
            most = i < 1 << 13 ? 0 : Math.Max(most, index.CopiedCount - before);
        }

        Assert.InRange(most, 32, 256);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9_000)]
    public void A_next_table_that_is_made_ready_beside_is_taken_or_comes_too_late(int delay)
    {
        const int Total = 200_000;
        var rows = new Rows();
        var index = new KeyIndex(rows);
        int begun = 0;
        long due = long.MaxValue;
        for (long i = 0; i < Total; i++)
        {
            rows.Keys.Add(i * 7);
            index.AddAll();
            if (index.TryBeginPreparing())
            {
                begun++;
                due = i + delay;
            }

            if (i == due)
            {
                index.PrepareGrowth();
            }
        }

        Assert.Equal(7, begun);
        for (long i = 0; i < Total; i++)
        {
            Assert.Contains(i, Candidates(index, i * 7));
        }
    }

    private static List<long> Candidates(KeyIndex index, long key)
    {
        var found = new List<long>();
        KeyProbe probe = index.Find(Rows.HashOf(key));
        while (probe.Next(out long row))
        {
            found.Add(row);
        }

        return found;
    }

    private sealed class Rows : IKeyRows
    {
        private readonly Dictionary<long, long> _previous = [];

        public List<long> Keys { get; } = [];

        public long RowCount => Keys.Count;

        public static ulong HashOf(long key) => Hash64.Mix((ulong)key);

        public int Hash(long row, Span<ulong> hashes, Span<long> rows, out int found)
        {
            found = (int)Math.Min(hashes.Length, Keys.Count - row);
            for (int i = 0; i < found; i++)
            {
                hashes[i] = HashOf(Keys[(int)row + i]);
                rows[i] = row + i;
            }

            return found;
        }

        public bool AreSame(long row, long other) => Keys[(int)row] == Keys[(int)other];

        public long PreviousOf(long row) => _previous.GetValueOrDefault(row, -1);

        public bool TryLink(long row, long previous)
        {
            _previous.Add(row, previous);
            return true;
        }
    }
}
