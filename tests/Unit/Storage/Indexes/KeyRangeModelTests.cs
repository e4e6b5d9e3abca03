using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>Ranges of keys against all rows of the snapshot, over random layouts.</summary>
public sealed class KeyRangeModelTests
{
    private const int KeyMax = 12_000;

    /// <summary>id INTEGER PRIMARY KEY, code BIGINT UNIQUE with NULLs.</summary>
    private static readonly TableSchema Coded = new()
    {
        Name = "coded",
        Columns =
        [
            new ColumnSchema("id", DataType.Integer, IsNullable: false),
            new ColumnSchema("code", DataType.BigInt),
        ],
        Keys =
        [
            new KeySchema("coded_pk", [0], IsPrimary: true),
            new KeySchema("coded_code", [1], IsPrimary: false),
        ],
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Ranges_give_what_a_scan_and_a_sort_give(int seed)
    {
        var random = new Random(seed);
        using StorageEngine engine = InMemory();
        using var sealing = new SealingFixture();
        TableEntry table = Create(engine);
        var readers = new List<StorageTransaction>();
        for (int step = 0; step < 24; step++)
        {
            using (StorageTransaction transaction = engine.Begin())
            {
                Write(transaction, table, random);
                Compare(transaction.Open(table), random);
                TableSnapshot before = transaction.Open(table);
                Write(transaction, table, random);
                Compare(before, random);
                transaction.Commit(Durability.Full);
            }

            if (random.Next(4) == 0)
            {
                readers.Add(engine.Begin());
            }

            ChangeLayout(engine, sealing, random);
            foreach (StorageTransaction reader in readers)
            {
                Compare(reader.Open(table), random);
            }
        }

        Assert.True(table.Rows.LiveCount > 5_000);
        readers.ForEach(static reader => reader.Dispose());
    }

    [Fact]
    public void The_ends_of_the_number_line_are_in_range()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = Create(engine);
        Insert(engine, table, Batch(
            Coded,
            [Value.Of(1), Value.Of(long.MaxValue)],
            [Value.Of(2), Value.Of(long.MinValue)],
            [Value.Of(3), Value.Null],
            [Value.Of(4), Value.Of(0L)]));
        using StorageTransaction transaction = engine.Begin();
        TableSnapshot snapshot = transaction.Open(table);
        Assert.Equal(
            [long.MinValue, 0, long.MaxValue],
            Read(snapshot.Range(1, long.MinValue, long.MaxValue, false), 2).Keys);
        Assert.Equal(
            [long.MaxValue], Read(snapshot.Range(1, 1, long.MaxValue, true), 7).Keys);
        Assert.Empty(Read(snapshot.Range(1, 1, 0, false), 7).Keys);
    }

    [Fact]
    public void Sorted_runs_of_a_delta_are_few_and_grow_with_it()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = Create(engine);
        for (int block = 0; block < 20; block++)
        {
            int first = block * Limits.ChunkRowCount;
            Insert(engine, table, Batch(
                Coded,
                [.. Enumerable.Range(first, Limits.ChunkRowCount).Select(
                    static id => new[] { Value.Of(id), Value.Of((long)-id) })]));
            long count = table.Rows.VersionCount;
            DeltaKeyRuns runs = table.Rows.Layout.Active.OrderOf(1).Cover(count);
            Assert.Equal(count, runs.RowCount);
            Assert.Equal(count, runs.Runs.Sum(static run => run.Codes.Length));
            Assert.True(runs.Runs.Length <= 5);
        }
    }

    private static TableEntry Create(StorageEngine engine)
    {
        using StorageTransaction transaction = engine.Begin();
        TableEntry table = transaction.CreateTable(Coded);
        transaction.Commit(Durability.Full);
        return table;
    }

    private static void ChangeLayout(
        StorageEngine engine, SealingFixture sealing, Random random)
    {
        int choice = random.Next(6);
        if (choice == 0)
        {
            engine.Layouts.Abandon(Freeze(engine));
        }
        else if (choice <= 2)
        {
            sealing.Seal(engine, merges: choice == 2);
        }
    }

    private static void Write(StorageTransaction transaction, TableEntry table, Random random)
    {
        TableSnapshot snapshot = transaction.Open(table);
        bool isLarge = random.Next(3) == 0;
        var added = new List<Value[]>();
        var ended = new List<long>();
        var taken = new HashSet<int>();
        for (int i = isLarge ? 2_000 : 40; i > 0; i--)
        {
            int key = random.Next(KeyMax);
            if (!taken.Add(key))
            {
                continue;
            }

            bool isThere = snapshot.TryFind(0, [Value.Of(key)], out RowAddress row);
            if (isThere)
            {
                ended.Add(row.RowId);
            }

            if (!isThere || random.Next(3) > 0)
            {
                Value code = key % 7 == 0 ? Value.Null : Value.Of(5_000L - key);
                added.Add([Value.Of(key), code]);
            }
        }

        transaction.Delete(table, ended.ToArray());
        transaction.Insert(table, Batch(Coded, [.. added]));
    }

    private static void Compare(TableSnapshot snapshot, Random random)
    {
        for (int key = 0; key < 2; key++)
        {
            List<(long Key, long RowId)> all = All(snapshot, key);
            for (int i = 0; i < 4; i++)
            {
                long low = random.Next(-7_000, KeyMax);
                long high = low + random.Next(i == 0 ? 20_000 : 300);
                bool isDescending = random.Next(2) == 0;
                IEnumerable<(long Key, long RowId)> expected =
                    all.Where(row => row.Key >= low && row.Key <= high).Order();
                expected = isDescending ? expected.Reverse() : expected;
                (List<long> keys, List<RowPlace> places) = Read(
                    snapshot.Range(key, low, high, isDescending), random.Next(1, 200));
                Assert.Equal(expected, keys.Zip(
                    places.Select(place => TableSnapshot.AddressOf(place).RowId)));
                Assert.Equal(keys, Values(snapshot.Fetch(key, places.ToArray())));
            }
        }
    }

    private static List<(long Key, long RowId)> All(TableSnapshot snapshot, int column)
    {
        var all = new List<(long Key, long RowId)>();
        for (int i = 0; i < snapshot.SliceCount; i++)
        {
            TableSlice slice = snapshot.Slice(i);
            ColumnBuffer values = slice.Column(column);
            for (int row = 0; row < slice.Count; row++)
            {
                if (slice.IsVisible(row) && !values.IsNull(row))
                {
                    all.Add((values.GetValue(row).AsInt64(), slice.AddressOf(row).RowId));
                }
            }
        }

        return all;
    }

    private static long[] Values(ColumnBuffer column) =>
        [.. Enumerable.Range(0, column.Count).Select(i => column.GetValue(i).AsInt64())];

    private static (List<long> Keys, List<RowPlace> Places) Read(
        KeyRangeReader reader, int batchCount)
    {
        var keys = new List<long>();
        var places = new List<RowPlace>();
        var nextKeys = new long[batchCount];
        var nextPlaces = new RowPlace[batchCount];
        int count;
        do
        {
            count = reader.Read(nextKeys, nextPlaces);
            keys.AddRange(nextKeys.AsSpan(0, count));
            places.AddRange(nextPlaces.AsSpan(0, count));
        }
        while (count == batchCount);
        return (keys, places);
    }
}
