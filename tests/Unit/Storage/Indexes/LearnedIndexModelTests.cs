using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>Learned indexes against all rows of the snapshot, over random layouts.</summary>
public sealed class LearnedIndexModelTests
{
    private static readonly TableSchema Mixed = new()
    {
        Name = "mixed",
        Columns =
        [
            new ColumnSchema("id", DataType.BigInt, IsNullable: false),
            new ColumnSchema("big", DataType.BigInt),
            new ColumnSchema("ratio", DataType.Double),
            new ColumnSchema("price", DataType.DecimalOf(20, 4)),
            new ColumnSchema("word", DataType.Text),
            new ColumnSchema("uuid", DataType.Uuid),
            new ColumnSchema("bytes", DataType.Blob),
        ],
        Keys = [new KeySchema("mixed_pk", [0], IsPrimary: true)],
    };

    private static readonly IndexColumn[][] Indexes =
    [
        [new(1, false, true)],
        [new(1, true, false)],
        [new(2, false, false)],
        [new(3, true, true)],
        [new(4, false, true)],
        [new(5, false, true)],
        [new(6, true, false)],
        [new(4, true, true), new(1, false, false)],
        [new(1, false, true), new(2, true, true), new(4, false, false)],
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Order_is_that_of_a_sort_and_lookups_find_what_a_scan_finds(int seed)
    {
        var random = new Random(seed);
        var disk = new MemoryFileSystem();
        StorageEngine engine = OpenStored(disk);
        CreateAll(engine);
        long next = 0;
        for (int step = 0; step < 6; step++)
        {
            using (StorageTransaction transaction = engine.Begin())
            {
                transaction.Catalog.TryGetTable("mixed", out TableEntry table);
                Write(transaction, table, random, ref next);
                Compare(transaction, table, random);
                transaction.Commit(Durability.Full);
            }

            int choice = random.Next(4);
            if (choice == 0)
            {
                engine.Checkpoint(isFull: random.Next(2) == 0, CancellationToken.None);
            }
            else if (choice == 1)
            {
                engine.Dispose();
                engine = OpenStored(disk);
            }

            using StorageTransaction reader = engine.Begin();
            reader.Catalog.TryGetTable("mixed", out TableEntry now);
            Compare(reader, now, random);
        }

        engine.Dispose();
    }

    [Fact]
    public void A_unique_index_refuses_what_is_there_already()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRow(1, null));
        Insert(engine, table, NamedRow(2, null));
        Insert(engine, table, NamedRow(3, "c"));
        using (StorageTransaction create = engine.Begin())
        {
            create.CreateIndex(Unique(table, "u", 0));
            create.Commit(Durability.Full);
        }

        using StorageTransaction first = engine.Begin();
        using StorageTransaction second = engine.Begin();
        Assert.Throws<ConstraintException>(() => first.Insert(table, NamedRow(1, "other")));
        first.Insert(table, NamedRow(9, "i"));
        second.Insert(table, NamedRow(9, "j"));
        first.Commit(Durability.Full);
        Assert.Throws<ConstraintException>(() => second.Commit(Durability.Full));
    }

    [Fact]
    public void A_unique_index_over_equal_rows_is_refused_and_over_nulls_made()
    {
        using StorageEngine engine = InMemory();
        using StorageTransaction change = engine.Begin();
        TableEntry table = change.CreateTable(Mixed);
        Value[] row =
        [
            Value.Of(1L), Value.Of(7L), Value.Of(double.NaN), Value.Of(1m), Value.Of("same word"),
            Value.Null, Value.Null,
        ];
        change.Insert(table, Batch(Mixed, row));
        row[0] = Value.Of(2L);
        change.Insert(table, Batch(Mixed, row));
        Assert.Throws<ConstraintException>(() => change.CreateIndex(Unique(table, "u", 1, 2)));
        Assert.Throws<ConstraintException>(() => change.CreateIndex(Unique(table, "u", 4)));
        change.CreateIndex(Unique(table, "n", 5));
        row[0] = Value.Of(3L);
        row[4] = Value.Of("same worse");
        change.Insert(table, Batch(Mixed, row));
        change.CreateIndex(Unique(table, "w", 0, 4));
        change.Commit(Durability.Full);
    }

    [Fact]
    public void A_transaction_that_does_not_know_a_new_unique_index_is_refused()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        using StorageTransaction write = engine.Begin();
        write.Insert(table, NamedRow(1, "a"));
        using (StorageTransaction create = engine.Begin())
        {
            create.CreateIndex(Unique(table, "u", 1));
            create.Commit(Durability.Full);
        }

        Assert.Throws<ConflictException>(() => write.Commit(Durability.Full));
    }

    // Every run has a file, so that lookups read slices of them.
    private static StorageEngine OpenStored(MemoryFileSystem disk) => StorageEngine.Open(
        Seams(disk),
        Root,
        new StorageOptions
        {
            Log = new RecordLogOptions(64 << 10, 1 << 20, 64 << 10),
            IndexRunRowCountMin = 1,
            SegmentRowCountMax = 5000,
        });

    private static IndexSchema Unique(TableEntry table, string name, params int[] ordinals) => new()
    {
        Id = 0,
        Name = name,
        TableId = table.Id,
        Kind = IndexKind.Learned,
        IsUnique = true,
        Columns = [.. ordinals.Select(static ordinal => new IndexColumn(ordinal, false, true))],
    };

    private static void CreateAll(StorageEngine engine)
    {
        using StorageTransaction create = engine.Begin();
        TableEntry table = create.CreateTable(Mixed);
        for (int i = 0; i < Indexes.Length; i++)
        {
            create.CreateIndex(new IndexSchema
            {
                Id = 0,
                Name = $"i{i}",
                TableId = table.Id,
                Kind = IndexKind.Learned,
                Columns = Indexes[i],
            });
        }

        create.Commit(Durability.Full);
    }

    private static void Write(
        StorageTransaction transaction, TableEntry table, Random random, ref long next)
    {
        var rows = new List<Value[]>();
        for (int i = random.Next(3) == 0 ? 3000 : 60; i > 0; i--)
        {
            rows.Add(Row(next++, random));
        }

        transaction.Insert(table, Batch(Mixed, [.. rows]));
        TableSnapshot snapshot = transaction.Open(table);
        var ended = new HashSet<long>();
        for (int i = 0; i < 40; i++)
        {
            if (snapshot.TryFind(0, [Value.Of(random.NextInt64(next))], out RowAddress row))
            {
                ended.Add(row.RowId);
            }
        }

        transaction.Delete(table, [.. ended]);
    }

    private static Value[] Row(long id, Random random)
    {
        Value Or(Value value) => random.Next(8) == 0 ? Value.Null : value;
        string word = random.Next(4) switch
        {
            0 => "",
            1 => $"a common beginning {random.Next(60)}",
            2 => char.ConvertFromUtf32(0x1F600 + random.Next(9)) + random.Next(3),
            _ => new string((char)random.Next('a', 'f'), random.Next(12)),
        };
        double ratio = random.Next(5) switch
        {
            0 => double.NaN,
            1 => -0.0,
            2 => double.NegativeInfinity,
            _ => (random.NextDouble() * 4) - 2,
        };
        long big = random.Next(5) switch
        {
            0 => long.MinValue + random.Next(3),
            1 => long.MaxValue - random.Next(3),
            _ => random.Next(300),
        };
        var bytes = new byte[random.Next(12)];
        random.NextBytes(bytes);
        var uuid = new byte[16];
        random.NextBytes(uuid.AsSpan(random.Next(12)));
        return
        [
            Value.Of(id),
            Or(Value.Of(big)),
            Or(Value.Of(ratio)),
            Or(Value.Of(new decimal(random.Next(400), 0, 0, random.Next(2) == 0, 2))),
            Or(Value.Of(word)),
            Or(Value.Of(new Guid(uuid))),
            Or(Value.Of(bytes)),
        ];
    }

    private static void Compare(
        StorageTransaction transaction, TableEntry table, Random random)
    {
        TableSnapshot snapshot = transaction.Open(table);
        long[] all = Scan(snapshot);
        foreach (IndexEntry entry in transaction.Catalog.IndexesOf(table))
        {
            var index = LearnedIndex.Of(entry, table);
            RowPlace[] places = Read(snapshot.Range(entry, IndexBounds.All, true, false));
            Assert.Equal(all, Ids(snapshot, places).Order());
            for (int i = 1; i < places.Length; i++)
            {
                Assert.True(Order(snapshot, index.Keys, places[i - 1], places[i]) <= 0);
            }

            RowPlace[] back = Read(snapshot.Range(entry, IndexBounds.All, true, true));
            Assert.Equal(places.Length, back.Length);
            for (int i = 1; i < back.Length; i++)
            {
                Assert.True(Order(snapshot, index.Keys, back[i - 1], back[i]) >= 0);
            }

            if (places.Length > 0)
            {
                CompareLookups(snapshot, entry, index, places, random);
            }
        }
    }

    private static void CompareLookups(
        TableSnapshot snapshot, IndexEntry entry, LearnedIndex index, RowPlace[] places,
        Random random)
    {
        for (int i = 0; i < 5; i++)
        {
            RowPlace place = places[random.Next(places.Length)];
            ulong[] codes = [.. Enumerable.Range(0, random.Next(1, index.Keys.Count + 1))
                .Select(column => index.Keys[column].Encode(
                    snapshot.StoreOf(place, index.Keys[column].Ordinal).ValueAt(place.Row)))];
            RowPlace[] found = Read(
                snapshot.Range(entry, IndexBounds.Of(codes), random.Next(2) == 0, false));
            bool IsSought(RowPlace other) => codes.Index().All(
                code => code.Item == index.Keys[code.Index].Encode(
                    snapshot.StoreOf(other, index.Keys[code.Index].Ordinal), other.Row));
            Assert.Equal(
                Ids(snapshot, [.. places.Where(IsSought)]).Order(),
                Ids(snapshot, [.. found.Where(IsSought)]).Order());
        }
    }

    private static int Order(TableSnapshot snapshot, IndexKeys keys, RowPlace left, RowPlace right)
    {
        for (int i = 0; i < keys.Count; i++)
        {
            int compared = keys[i].Compare(
                snapshot.StoreOf(left, keys[i].Ordinal), left.Row,
                snapshot.StoreOf(right, keys[i].Ordinal), right.Row);
            if (compared != 0)
            {
                return compared;
            }
        }

        return 0;
    }

    private static RowPlace[] Read(IndexReader reader)
    {
        var all = new List<RowPlace>();
        var places = new RowPlace[100];
        int count;
        while ((count = reader.Read(places)) > 0)
        {
            all.AddRange(places.AsSpan(0, count));
        }

        return [.. all];
    }

    private static long[] Ids(TableSnapshot snapshot, RowPlace[] places) =>
        ((ColumnBuffer<long>)snapshot.Fetch(0, places)).Values.ToArray();

    private static long[] Scan(TableSnapshot snapshot)
    {
        var ids = new List<long>();
        for (int i = 0; i < snapshot.SliceCount; i++)
        {
            TableSlice slice = snapshot.Slice(i);
            ColumnBuffer column = slice.Column(0);
            for (int row = 0; row < slice.Count; row++)
            {
                if (slice.IsVisible(row))
                {
                    ids.Add(column.GetValue(row).AsInt64());
                }
            }
        }

        ids.Sort();
        return [.. ids];
    }
}
